# One case a line: a name and an expression, which may use the names of ../scope/main.tf.
# "# unknown: why" above a case says what we can't know, "# known: why" what we know before it
# is applied; "# lenient: why" what we let pass.
precedence_of_product       = 1 + 2 * 3
precedence_of_parentheses   = (1 + 2) * 3
subtraction_is_left         = 10 - 3 - 2
division_is_left            = 100 / 10 / 2
unary_minus_binds_tighter   = -2 + 5
minus_of_minus              = 3 - -2
not_binds_tighter           = !true || true
and_before_or               = true || false && false
comparison_before_and       = 1 < 2 && 2 < 3
equality_before_and         = 1 == 1 && 2 == 2
equality_after_comparison   = 1 < 2 == true
conditional_is_last         = 1 + 1 == 2 ? "yes" : "no"
nested_conditional          = false ? 1 : true ? 2 : 3
modulo                      = 7 % 3
modulo_of_negative          = -7 % 3
modulo_by_negative          = 7 % -3
modulo_of_fraction          = 7.5 % 2
division_fraction           = 1 / 3
division_whole              = 6 / 3
# unknown: the number is infinite
division_by_zero_is_no_error = can(1 / 0)
modulo_by_zero              = try(1 % 0, "caught")
sum_of_tenths               = 0.1 + 0.2
tenths_equal                = 0.1 + 0.2 == 0.3
large_product               = 99999999999 * 99999999999
large_sum                   = 9007199254740993 + 1
numeric_string_added        = "2" + 3
numeric_string_compared     = "10" > 9
bool_string_in_and          = "true" && true
bool_number_in_and          = try(1 && true, "error")
text_in_arithmetic          = try("a" + 1, "error")
null_in_arithmetic          = try(null + 1, "error")
null_in_not                 = try(!null, "error")
null_in_comparison          = try(null < 1, "error")
# known: whatever it turns out to be
and_of_unknown              = false && local.later == "x"
# known: whatever it turns out to be
or_of_unknown               = true || local.later == "x"
and_is_not_lazy             = try(false && [][0], "error")
equal_string_number         = "1" == 1
equal_bool_string           = true == "true"
equal_number_fraction       = 1 == 1.0
equal_null                  = null == null
equal_typed_null            = var.nothing == null
equal_null_string           = var.nothing == ""
unequal_null                = "a" != null
equal_tuples                = [1, "a"] == [1, "a"]
equal_tuples_of_other_types = [1] == ["1"]
equal_objects               = { a = 1, b = 2 } == { b = 2, a = 1 }
equal_objects_other_keys    = { a = 1 } == { b = 1 }
equal_list_and_tuple        = var.names == ["b", "a", "c"]
equal_empty_list_and_tuple  = var.empty_list == []
unequal_empty_list          = var.empty_list != []
unequal_list                = var.names != []
equal_map_and_object        = var.tags == { Team = "shop", Env = "prod" }
equal_empty_map_and_object  = var.empty_map == {}
equal_converted_list        = var.names == tolist(["b", "a", "c"])
equal_converted_map         = var.tags == tomap({ Team = "shop", Env = "prod" })
equal_empty_converted_list  = var.empty_list == tolist([])
equal_empty_converted_set   = var.empty_set == toset([])
equal_sets                  = toset(["a", "b"]) == toset(["b", "a", "a"])
equal_set_and_list          = toset(["a"]) == tolist(["a"])
equal_set_and_tuple         = toset(["a"]) == ["a"]
equal_split_and_tuple       = split(",", "a,b") == ["a", "b"]
equal_sort_and_list         = sort(["b", "a"]) == tolist(["a", "b"])
equal_concat_of_tuples      = concat(["a"], ["b"]) == ["a", "b"]
equal_concat_of_lists       = concat(var.names, var.names) == ["b", "a", "c", "b", "a", "c"]
equal_concat_of_both        = concat(var.names, ["d"]) == ["b", "a", "c", "d"]
equal_keys_of_object        = keys({ a = 1 }) == ["a"]
equal_keys_of_map           = keys(var.tags) == ["Env", "Team"]
equal_values_of_map         = values(var.tags) == ["prod", "shop"]
equal_values_of_object      = values({ a = 1, b = "x" }) == [1, "x"]
equal_for_tuple             = [for n in var.names : n] == ["b", "a", "c"]
equal_for_object            = { for k, v in var.tags : k => v } == { Team = "shop", Env = "prod" }
equal_splat                 = var.names[*] == ["b", "a", "c"]
equal_flatten               = flatten([var.names]) == ["b", "a", "c"]
equal_merge_of_maps         = merge(var.tags, var.tags) == { Team = "shop", Env = "prod" }
equal_merge_of_objects      = merge({ a = 1 }, { b = 2 }) == { a = 1, b = 2 }
equal_merge_of_both         = merge(var.tags, { a = "b" }) == { Team = "shop", Env = "prod", a = "b" }
equal_slice_of_list         = slice(var.names, 0, 1) == ["b"]
equal_slice_of_tuple        = slice(["b", "a"], 0, 1) == ["b"]
equal_reverse_of_tuple      = reverse(["a", "b"]) == ["b", "a"]
equal_reverse_of_list       = reverse(var.names) == ["c", "a", "b"]
equal_distinct              = distinct(["a", "a"]) == ["a"]
equal_compact               = compact(["a", ""]) == ["a"]
equal_range                 = range(2) == [0, 1]
equal_chunks                = chunklist(["a", "b"], 1) == [["a"], ["b"]]
equal_regexall              = regexall("[a-z]", "ab") == ["a", "b"]
equal_formatlist            = formatlist("%s!", ["a"]) == ["a!"]
equal_jsondecode            = jsondecode("[1, 2]") == [1, 2]
equal_jsondecode_object     = jsondecode("{\"a\": 1}") == { a = 1 }
equal_zipmap_of_tuple       = zipmap(["a"], [1]) == { a = 1 }
equal_zipmap_of_list        = zipmap(["a"], var.empty_list == null ? [] : ["x"]) == { a = "x" }
equal_conditional_of_tuples = (true ? ["a"] : ["b", "c"]) == ["a"]
equal_conditional_same      = (true ? ["a"] : ["b"]) == ["a"]
equal_conditional_objects   = (true ? { a = "x" } : { b = "y" }) == { a = "x" }
equal_conditional_empty     = (true ? [] : ["b"]) == []
equal_tolist_of_tuple       = tolist([1, 2]) == [1, 2]
equal_optional_list         = var.service.hosts == null
equal_optional_map          = var.service.tags == {}
equal_anything              = var.anything.b == ["x", true]
equal_element_type          = tolist(["1"]) == tolist([1])
equal_nested_empty          = [var.empty_list] == [[]]
equal_cidrsubnets           = cidrsubnets("10.0.0.0/16", 8) == ["10.0.0.0/24"]
equal_setproduct            = setproduct(["a"], ["b"]) == [["a", "b"]]
equal_matchkeys             = matchkeys(["a"], ["k"], ["k"]) == ["a"]
equal_coalescelist          = coalescelist([], ["a"]) == ["a"]
equal_lookup_default        = lookup({ a = [] }, "b", []) == []
