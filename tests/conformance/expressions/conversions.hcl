string_of_number          = tostring(12)
string_of_fraction        = tostring(1.50)
string_of_large           = tostring(12345678901234567890)
string_of_power           = tostring(1e30)
string_of_small           = tostring(0.0000001)
string_of_bool            = tostring(true)
string_of_null            = tostring(null)
string_of_list            = try(tostring(["a"]), "error")
string_of_object          = try(tostring({}), "error")
number_of_string          = tonumber("12")
number_of_fraction        = tonumber("1.50")
number_of_exponent        = tonumber("1e3")
number_of_negative        = tonumber("-0.5")
number_of_plus            = try(tonumber("+5"), "error")
number_of_hexadecimal     = try(tonumber("0x10"), "error")
number_of_spaced          = try(tonumber(" 1"), "error")
number_of_empty           = try(tonumber(""), "error")
number_of_text            = try(tonumber("a"), "error")
number_of_bool            = try(tonumber(true), "error")
number_of_null            = tonumber(null)
number_of_underscore      = try(tonumber("1_000"), "error")
number_with_leading_zero  = tonumber("007")
bool_of_string            = tobool("true")
bool_of_false             = tobool("false")
bool_of_one               = try(tobool("1"), "error")
bool_of_zero              = try(tobool("0"), "error")
bool_of_number            = try(tobool(1), "error")
bool_of_upper             = try(tobool("True"), "error")
bool_of_null              = tobool(null)
list_of_tuple             = tolist(["a", "b"])
list_of_mixed             = tolist(["a", 1, true])
list_of_numbers_and_bool  = try(tolist([1, true]), "error")
list_of_null              = tolist(["a", null])
list_of_set               = tolist(toset(["b", "a"]))
list_of_objects           = tolist([{ a = 1 }, { a = "x" }])
list_of_other_objects     = tolist([{ a = 1 }, { b = "x" }])
list_of_string            = try(tolist("a"), "error")
list_of_nothing           = tolist(null)
set_of_mixed              = toset(["b", 1, "a", 1])
set_of_numbers            = toset([10, 9, 100])
set_of_null               = toset(["a", null])
set_of_lists              = toset([["b"], ["a"], ["a"]])
set_of_objects            = toset([{ n = 2 }, { n = 1 }])
set_of_bools              = toset([true, false, true])
map_of_mixed              = tomap({ a = 1, b = "x" })
map_of_bools              = tomap({ a = true, b = "false" })
map_of_bool_and_number    = try(tomap({ a = true, b = 1 }), "error")
map_of_lists              = tomap({ a = ["x"], b = [] })
map_of_null               = tomap({ a = null, b = 1 })
map_of_list               = try(tomap(["a"]), "error")
variable_any_list         = var.any_list
variable_any_map          = var.any_map
variable_anything         = var.anything
variable_optional         = var.service
variable_map_of_objects   = var.services
variable_tuple            = var.pair
variable_set              = var.zones
variable_set_of_numbers   = var.ports
conditional_number_string = true ? 1 : "a"
conditional_bool_string   = true ? false : "a"
conditional_null          = true ? null : 1
conditional_typed_null    = true ? 1 : var.nothing
conditional_to_typed_null = false ? 1 : var.nothing
conditional_null_number   = true ? "a" : var.no_number
conditional_lists         = true ? [1] : ["a", "b"]
conditional_tuples        = true ? [1, "a"] : ["b", 2]
conditional_empty_list    = true ? [1, 2] : []
conditional_typed_list    = true ? [1, 2] : var.empty_list
conditional_typed_names   = true ? [1, 2, true] : var.names
conditional_null_list     = true ? [1, 2] : var.no_list
conditional_objects       = true ? { a = 1 } : { a = "x" }
conditional_other_objects = true ? { a = 1 } : { b = "x" }
conditional_empty_object  = true ? { a = 1, b = true } : {}
conditional_typed_map     = true ? { a = 1 } : var.empty_map
conditional_unlike_map    = true ? { a = 1, b = "x" } : {}
conditional_set_and_list  = true ? toset(["b", "a"]) : ["c"]
conditional_set_and_empty = false ? toset(["b", "a"]) : []
conditional_bool_number   = true ? 1 : false
conditional_list_string   = true ? "a" : ["a"]
conditional_object_kinds  = true ? { a = 1, b = [] } : {}
conditional_string_list   = true ? ["a"] : "a"
conditional_list_object   = false ? [] : {}
conditional_string_null   = true ? "a" : var.no_list
# lenient: the type of the attribute is not known here
conditional_later_list    = true ? [1] : local.later
conditional_later_text    = try(true ? [1] : "a-${local.later}", "error")
conditional_list_map      = true ? tolist([1]) : tomap({})
conditional_element_kinds = true ? [1, [2]] : [1]
conditional_map_kinds     = true ? tomap({ a = 1 }) : tomap({ a = [1] })
conditional_list_set      = true ? tolist(["a"]) : toset(["b"])
conditional_inner_kinds   = try(true ? { a = { b = 1 } } : { a = [1] }, "error")
conditional_inner_null    = true ? { a = null } : { a = [1] }
conditional_names_string  = try(true ? "a" : var.names, "error")
conditional_caught        = try(true ? "a" : [1], "error")
conditional_can           = can(false ? 1 : [1])
conditional_failing_arm   = true ? "a" : try(file("nowhere"), "b")
# lenient: a null may have any type
conditional_any_in_both   = true ? { a = {}, b = "x" } : { p = "x", q = null }
conditional_any_in_other  = true ? { a = {} } : { p = "x", q = null }
conditional_any_in_chosen = true ? { p = "x", q = null } : { a = {} }
conditional_any_and_list  = true ? {} : { p = "1", q = null, r = [1] }
conditional_any_in_tuple  = true ? [1, [2]] : [null, null]
conditional_any_bool      = true ? [true, null] : [1, 2, 3]
conditional_condition     = "true" ? 1 : 2
conditional_numeric       = "1" ? 1 : 2
conditional_null_test     = try(null ? 1 : 2, "error")
conditional_in_template   = "${true ? 1 : "a"}"
conditional_fraction      = true ? 1 : 1.5
conditional_nested_number = true ? { a = [1] } : { a = ["x"] }
object_key_number         = { 1 = "a" }
object_key_expression     = { (local.name) = 1 }
object_key_bool           = { (true) = 1 }
object_key_template       = { "${local.name}-x" = 1 }
object_key_fraction       = { (1.5) = 1 }
object_key_null           = try({ (null) = 1 }, "error")
object_key_list           = try({ ([]) = 1 }, "error")
object_key_reserved       = { if = 1, in = 2, null = 3 }
object_key_colon          = { a : 1, "b" : 2 }
object_key_twice          = { a = 1, a = 2 }
object_keys_sorted        = keys({ b = 1, a = 2, B = 3 })
