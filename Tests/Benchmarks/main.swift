/// `bench [--quick]`: one table, each case beside a hand-written floor where it has one.
var harness = Harness(rounds: CommandLine.arguments.contains("--quick") ? 3 : 15)
print(Harness.header)
try harness.measureExpressions()
try harness.measureCompiling()
try harness.measureDecisions()
