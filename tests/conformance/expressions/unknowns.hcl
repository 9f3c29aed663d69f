later                   = local.later
later_in_template       = "id-${local.later}"
later_in_list           = [local.later, "a"]
later_list_length       = length([local.later, "a"])
later_in_object         = { a = local.later, b = 1 }
later_object_attribute  = { a = local.later, b = 1 }.b
later_equal             = local.later == "a"
later_equal_null        = local.later == null
later_in_set            = toset([local.later, "a"])
later_conditional       = local.later == "a" ? 1 : 2
later_conditional_same  = local.later == "a" ? 1 : 1
later_coalesce          = coalesce(local.later, "a")
later_coalesce_second   = coalesce("a", local.later)
later_merge             = merge({ a = local.later }, { b = 1 })
later_merge_attribute   = merge({ a = local.later }, { b = 1 }).b
later_concat            = concat([local.later], ["a"])
later_contains          = contains([local.later, "a"], "a")
later_contains_not      = contains([local.later, "a"], "b")
later_jsonencode        = jsonencode({ a = local.later })
later_upper             = upper(local.later)
later_for               = [for n in ["a", local.later] : "x-${n}"]
later_for_if            = [for n in ["a", local.later] : n if n != "b"]
later_keys              = keys({ a = local.later })
later_try               = try(local.later, "a")
later_try_attribute     = try(terraform_data.later.id.nope, "a")
later_can               = can(local.later)
later_startswith        = startswith("x-${local.later}", "x-")
later_join              = join("-", ["a", local.later])
later_input             = terraform_data.later.input
later_splat             = terraform_data.several[*].id
later_splat_length      = length(terraform_data.several)
later_index_input       = terraform_data.several[1].input
later_index             = ["a", "b"][local.later == "x" ? 0 : 1]
later_element           = element(["a", local.later], 0)
# unknown: the type of the attribute is not known here, and a list would be flattened
later_flatten           = flatten([["a"], [local.later]])
later_distinct          = distinct(["a", local.later])
# unknown: which element comes where is unknown, so the list is as a whole
later_sort              = sort(["a", local.later])
later_lookup            = lookup({ a = local.later, b = "x" }, "b", "c")
later_sum               = sum([1, length(local.later)])
later_alltrue           = alltrue([false, local.later == "a"])
later_not               = !(local.later == "a")
later_tolist            = tolist(["a", local.later])
later_one               = one(terraform_data.several[*].input == [] ? [] : ["a"])
later_values            = values({ a = local.later, b = 1 })
later_zipmap            = zipmap(["a"], [local.later])
later_object_key        = { (local.later) = 1 }
later_format            = format("%s-%s", "a", local.later)
timestamp               = timestamp()
uuid                    = uuid()
