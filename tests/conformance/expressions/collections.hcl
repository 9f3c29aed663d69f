for_list                 = [for n in var.names : upper(n)]
for_list_index           = [for i, n in var.names : "${i}:${n}"]
for_list_if              = [for n in local.numbers : n * 2 if n > 1]
for_set                  = [for z in var.zones : z]
for_set_key              = [for k, z in var.zones : "${k}=${z}"]
for_map                  = { for k, v in var.tags : lower(k) => v }
for_map_values           = [for v in var.tags : v]
for_object               = [for k, v in { b = 1, a = "x" } : "${k}${v}"]
for_group                = { for p in local.people : length(p.tags) > 0 => p.name... }
for_group_many           = { for n in ["ab", "ac", "b"] : substr(n, 0, 1) => n... }
for_duplicate            = try({ for n in ["a", "a"] : n => 1 }, "error")
for_number_key           = { for n in [1, 2] : n => n }
for_null                 = try([for n in null : n], "error")
for_null_variable        = try([for n in var.no_list : n], "error")
for_string               = try([for n in "abc" : n], "error")
for_nested               = [for l in local.nested : [for n in l : n + 1]]
for_shadow               = [for name in var.names : { name = name }]
for_key_null             = try({ for n in [null] : n => 1 }, "error")
for_if_string            = [for n in [1] : n if "true"]
for_over_secret          = nonsensitive([for v in [var.secret] : v])
splat                    = local.people[*].name
splat_index              = local.people[*].tags[0 + 0]
splat_legacy             = local.people.*.name
splat_nested             = local.people[*].tags
splat_null               = var.no_object[*].a
splat_null_attribute     = var.no_object.*.a
splat_single             = local.by_name.ann[*].age
splat_single_legacy      = local.by_name.ann.*.age
splat_string             = "a"[*]
splat_null_value         = null[*]
splat_null_list          = var.no_list[*]
splat_set                = var.zones[*]
splat_set_of_objects     = toset([{ a = 2 }, { a = 1 }])[*].a
splat_map                = var.tags[*]
splat_missing            = try(local.people[*].nope, "error")
splat_double             = local.nested[*][*]
splat_legacy_number      = local.pairs.*.0
splat_legacy_bracket     = local.pairs.*[0]
splat_legacy_name_number = local.pairs_by_name.*.pair.0
splat_legacy_name_index  = local.pairs_by_name.*.pair[0]
splat_full_number        = local.pairs[*].0
splat_full_bracket       = local.pairs[*][1]
splat_then_index         = (local.pairs[*])[0]
splat_whole              = local.numbers[*]
index_list               = var.names[0]
index_number_string      = var.names["1"]
index_fraction           = try(var.names[0.5], "error")
index_negative           = try(var.names[-1], "error")
index_beyond             = try(var.names[3], "error")
index_text               = try(var.names["a"], "error")
index_null               = try(var.names[null], "error")
index_bool               = try(var.names[true], "error")
index_legacy             = var.names.0
index_map                = var.tags["Team"]
index_map_missing        = try(var.tags["team"], "error")
index_map_number         = { 1 = "a" }[1]
index_map_bool           = { true = "a" }[true]
index_object             = local.by_name["bob"]["full name"]
index_set                = try(var.zones[0], "error")
index_string             = try("abc"[0], "error")
index_null_source        = try(var.no_list[0], "error")
attribute_of_map         = var.tags.Team
attribute_missing        = try(local.by_name.eve, "error")
attribute_of_null        = try(var.no_object.a, "error")
attribute_of_string      = try(local.name.a, "error")
attribute_of_list        = try(local.people.name, "error")
can_true                 = can(var.tags.Team)
can_false                = can(var.tags.Nope)
can_function             = can(regex("^[a-z]+$", local.name))
can_function_not         = can(regex("^[0-9]+$", local.name))
can_null                 = can(null)
try_first                = try(local.people[0].name, "none")
try_second               = try(local.people[5].name, local.name, "none")
try_null                 = try(null, "x")
try_null_attribute       = try(var.no_object.a, null)
try_type                 = try(tonumber("x"), 1)
try_nothing_left         = try([][0], {}.a)
alltrue                  = alltrue([true, "true"])
alltrue_empty            = alltrue([])
alltrue_null             = alltrue([true, null])
anytrue                  = anytrue([false, true])
anytrue_empty            = anytrue([])
chunklist                = chunklist([1, 2, 3], 2)
coalesce                 = coalesce("", null, "a", "b")
coalesce_number          = coalesce(null, 0, 1)
coalesce_mixed           = coalesce(1, "a")
coalesce_typed_null      = coalesce(var.nothing, "b")
coalesce_false           = coalesce(false, true)
coalesce_nothing         = try(coalesce("", null), "error")
coalesce_lists           = coalesce(null, ["a"])
coalescelist             = coalescelist([], [1], [2])
coalescelist_nothing     = try(coalescelist([], []), "error")
compact                  = compact(["a", "", null, "b"])
concat                   = concat(["a"], [1], [])
concat_list_and_tuple    = concat(var.names, [1, true])
concat_null              = try(concat(["a"], null), "error")
concat_set               = try(concat(var.zones, ["a"]), "error")
contains                 = contains(var.names, "a")
contains_number          = contains([1, 2], "1")
contains_typed           = contains(["1", "2"], 1)
contains_set             = contains(var.ports, 80)
contains_null            = contains(["a", null], null)
contains_map             = try(contains(var.tags, "shop"), "error")
distinct_numbers         = distinct([3, 40, 3])
distinct_strings         = distinct(["b", "a", "b"])
distinct_mixed           = distinct([1, "1", true])
distinct_nested          = distinct([["a"], ["a"], ["b"]])
distinct_null            = distinct(["a", null, null])
element                  = element(["a", "b", "c"], 4)
element_negative         = try(element(["a", "b"], -1), "error")
element_empty            = try(element([], 0), "error")
element_fraction         = try(element(["a"], 0.5), "error")
flatten                  = flatten([["a", ["b"]], [], "c", [[["d"]]]])
flatten_null             = flatten([["a"], null])
flatten_map              = flatten([{ a = [1] }, [2]])
flatten_set              = flatten([toset(["b", "a"]), ["c"]])
index_function           = index(["a", "b"], "b")
index_function_missing   = try(index(["a"], "z"), "error")
keys                     = keys(var.tags)
length_list              = length(var.names)
length_map               = length(var.tags)
length_string            = length("ä€😀")
length_cluster           = length("👨‍👩‍👧 é")
length_null              = try(length(null), "error")
length_number            = try(length(12), "error")
length_set               = length(toset(["a", "a", "b"]))
lookup                   = lookup(var.tags, "Team", "none")
lookup_default           = lookup(var.tags, "Cost", "none")
lookup_null_default      = lookup(var.tags, "Cost", null)
lookup_missing           = try(lookup(var.tags, "Cost"), "error")
lookup_object            = lookup({ a = 1, b = "x" }, "a", 5)
lookup_typed_default     = lookup({ a = "1" }, "b", 5)
lookup_map_number        = lookup(var.tags, "Cost", 5)
matchkeys                = matchkeys(["i-1", "i-2", "i-3"], ["a", "b", "a"], ["a"])
merge                    = merge({ a = 1, b = 2 }, { b = "x", c = null })
merge_null               = merge(null, { a = 1 }, null)
merge_nothing            = merge()
merge_only_null          = merge(null)
merge_map_and_object     = merge(var.tags, { n = 1 })
merge_typed_null         = merge(var.tags, var.no_object)
merge_expanded           = merge([{ a = 1 }, { b = 2 }]...)
merge_expanded_empty     = merge([]...)
merge_list               = try(merge({ a = 1 }, ["x"]), "error")
one                      = one(["a"])
one_empty                = one([])
one_many                 = try(one(["a", "b"]), "error")
one_set                  = one(toset(["a"]))
one_null                 = one(var.no_object[*].a)
reverse                  = reverse([1, "a", true])
reverse_set              = reverse(toset(["a", "b"]))
setintersection          = setintersection(["a", "b"], ["b", "c"], ["b"])
setproduct               = setproduct(["a", "b"], [1, 2])
setproduct_sets          = setproduct(toset(["b", "a"]), toset(["x"]))
setproduct_empty         = setproduct(["a"], [])
setsubtract              = setsubtract(["a", "b", "c"], ["b"])
setunion                 = setunion(["b"], ["a", "b"], toset(["c"]))
setunion_mixed           = setunion(["b", 2], [1])
slice                    = slice(["a", "b", "c"], 1, 3)
slice_beyond             = try(slice(["a"], 0, 2), "error")
slice_empty              = slice(["a"], 1, 1)
sort                     = sort(["b", "a", "B", "10", "9", "ä"])
sort_numbers             = sort([10, 9, 1])
sort_null                = try(sort(["a", null]), "error")
sort_set                 = sort(toset(["b", "a"]))
transpose                = transpose({ a = ["1", "2"], b = ["2"] })
values                   = values({ b = 1, a = "x" })
zipmap                   = zipmap(["b", "a"], [1, "x"])
zipmap_uneven            = try(zipmap(["a"], [1, 2]), "error")
locals_chain             = local.chained
optional_nested          = var.services["api"].ingress[0].note
optional_null_list       = try(length(var.service.hosts), "null")
default_nested_object    = var.service.health
tuple_element            = var.pair[1] + 1
