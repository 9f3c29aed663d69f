interpolation              = "Hello, ${local.name}!"
interpolation_of_bool      = "on: ${true}"
only_interpolation_number  = "${12}"
only_interpolation_list    = "${[1, 2]}"
interpolation_of_list      = try("x${[1]}", "error")
interpolation_of_null      = try("x${null}", "error")
interpolation_of_null_var  = try("x${var.nothing}", "error")
only_interpolation_null    = "${null}"
escape_interpolation       = "$${local.name} %%{ if }"
dollar_alone               = "costs $5 and 10% of $ { }"
escapes                    = "a\tb\nc\\d\"e"
unicode_escape             = "\u00e4\U0001F600"
nested_quotes              = "a ${"b ${"c"}"}"
strip_left                 = "a   ${~1}"
strip_right                = "${1~}   b"
strip_both                 = "a \n ${~1~} \n b"
directive_if               = "%{if true}yes%{endif}"
directive_else             = "%{if false}yes%{else}no%{endif}"
directive_if_none          = "a%{if false}yes%{endif}b"
directive_for              = "%{for n in ["a", "b"]}${n},%{endfor}"
directive_for_index        = "%{for i, n in ["a", "b"]}${i}=${n} %{endfor}"
directive_for_map          = "%{for k, v in { b = 1, a = 2 }}${k}=${v};%{endfor}"
directive_for_set          = "%{for v in toset(["b", "a"])}${v};%{endfor}"
directive_for_empty        = "[%{for v in []}x%{endfor}]"
directive_nested           = "%{for n in [1, 2, 3]}%{if n > 1}${n}%{endif}%{endfor}"
directive_strip            = "a %{~if true~} b %{~endif~} c"
directive_if_null          = try("%{if null}a%{endif}", "error")
directive_for_null         = try("%{for a in null}a%{endfor}", "error")
heredoc                    = <<END
one
  two ${local.name}
END
heredoc_indented           = <<-END
    one
      two
    three
  END
heredoc_indented_uneven    = <<-END
      one
    two ${1 + 1}
	tab
  END
heredoc_blank_line         = <<-END
    one

    two
  END
heredoc_escapes            = <<END
C:\new "quoted" $${x} %%{y}
END
heredoc_directive          = <<-END
  %{ for n in var.names ~}
  - ${n}
  %{ endfor ~}
  end
  END
heredoc_directive_no_strip = <<-END
  %{ for n in var.names }
  - ${n}
  %{ endfor }
  END
heredoc_if                 = <<-END
  %{ if local.name == "shop" }
  shop
  %{ else }
  other
  %{ endif }
  END
heredoc_if_strip           = <<-END
  a
  %{~ if true ~}
  b
  %{~ endif ~}
  c
  END
heredoc_interpolated_start = <<-END
    ${local.name}
      x
    END
heredoc_multiline_value    = <<-END
    a: ${"x\ny"}
    b
    END
heredoc_in_function        = trimspace(<<END
  x
END
)
heredoc_json               = jsondecode(<<END
{"a": [1, "${local.name}"]}
END
)
heredoc_empty              = <<END
END
file                       = file("${path.module}/templates/plain.txt")
file_missing               = try(file("${path.module}/none.txt"), "error")
fileexists                 = fileexists("${path.module}/templates/plain.txt")
fileexists_not             = fileexists("${path.module}/none.txt")
fileset                    = fileset("${path.module}/templates", "*.tftpl")
fileset_deep               = fileset(path.module, "**/*.txt")
fileset_braces             = fileset(path.module, "templates/{plain,items}.*")
filemd5                    = filemd5("${path.module}/templates/plain.txt")
filebase64                 = filebase64("${path.module}/templates/plain.txt")
filesha256                 = filesha256("templates/plain.txt")
filebase64sha256           = filebase64sha256("templates/plain.txt")
templatefile               = templatefile("${path.module}/templates/greeting.tftpl", { name = "you", ports = [1, 2], debug = false })
templatefile_extra         = templatefile("templates/greeting.tftpl", { name = 1, ports = [], debug = true, unused = 1 })
templatefile_missing       = try(templatefile("templates/greeting.tftpl", { name = "you" }), "error")
templatefile_json          = jsondecode(templatefile("templates/policy.json.tftpl", { arn = "arn:aws:s3:::b" })).Statement[0].Resource
templatefile_objects       = templatefile("templates/items.tftpl", { items = [{ name = "a", n = 1 }, { name = "b" }] })
templatestring             = templatestring(local.template_text, { a = 1 })
basename                   = basename("a/b/c.txt")
dirname                    = dirname("a/b/c.txt")
dirname_plain              = dirname("c.txt")
path_module                = path.module
path_root                  = path.root
# unknown: it depends on where Terraform runs
path_cwd                   = path.cwd != ""
workspace                  = terraform.workspace
