resource "aws_cloudformation_stack" "topic" {
  name               = "topic"
  tags               = { Owner = "tests" }
  timeout_in_minutes = 5
  parameters         = { Name = "topic" }
  template_body = jsonencode({
    Parameters = { Name = { Type = "String" } }
    Resources  = { Topic = { Type = "AWS::SNS::Topic", Properties = { TopicName = { Ref = "Name" } } } }
    Outputs    = { Topic = { Value = { Ref = "Topic" } } }
  })
}
