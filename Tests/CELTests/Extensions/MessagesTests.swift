import CEL
import Testing

@Suite("well-known messages and blocks") struct MessagesTests {
  static let table: [Outcome] = [
    Outcome("google.protobuf.Int32Value{value: 123}", "123"),
    Outcome("google.protobuf.Int32Value{value: 2147483648}", "error: out_of_range"),
    Outcome("google.protobuf.UInt32Value{value: 4294967296u}", "error: out_of_range"),
    Outcome("google.protobuf.FloatValue{value: 1.333} == 1.333", "false"),
    Outcome("google.protobuf.StringValue{}", "\"\""),
    Outcome("google.protobuf.BytesValue{} != null", "true"),
    Outcome("google.protobuf.StringValue{value: 1}", "refused"),
    Outcome("google.protobuf.StringValue{valu: 'a'}", "refused"),
    Outcome("google.protobuf.Unheard{value: 'a'}", "refused"),
    Outcome("google.protobuf.BoolValue{?value: optional.none()}", "false"),
    Outcome("google.protobuf.Int64Value{value: 1} + 1", "2"),
    Outcome("google.protobuf.Int64Value{value: 1 / 0}", "error: division_by_zero"),
    Outcome(
      "google.protobuf.Struct{fields: {'a': 1, 'b': [true, null]}}",
      "{\"a\": 1.0, \"b\": [true, null]}"),
    Outcome("google.protobuf.Value{null_value: google.protobuf.NullValue.NULL_VALUE}", "null"),
    Outcome("google.protobuf.Value{list_value: [1u, b'hi']}", "[1.0, \"aGk=\"]"),
    Outcome(
      "google.protobuf.Timestamp{seconds: 946684800} == timestamp('2000-01-01T00:00:00Z')", "true"),
    Outcome("google.protobuf.Timestamp{seconds: 9223372036854775807}", "error: out_of_range"),
    Outcome("google.protobuf.Duration{seconds: 9223372036854775807}", "error: out_of_range"),
    Outcome("google.protobuf.Duration{seconds: 1, nanos: 2000000000}", "error: out_of_range"),
    Outcome("google.protobuf.Any{}", "error: invalid_argument"),
  ]

  @Test(arguments: table) func outcome(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }

  @Test("block macros need their own switch") func block() {
    let source =
      "cel.block([1, cel.index(0) + 1], [cel.index(1)].map(cel.iterVar(0, 0), cel.iterVar(0, 0) * 2))"
    #expect(Outcome.of(source, extensions: .all.union(.block)) == "[4]")
    #expect(Outcome.of(source) == "refused")
    #expect(Outcome.of("cel.index(x)", ["x": 1], extensions: .all.union(.block)) == "refused")
  }

  @Test(
    "every library has its switch",
    arguments: [
      ("'a'.trim()", Extensions.strings), ("math.abs(1)", .math), ("base64.encode(b'')", .encoders),
      ("optional.none()", .optionals), ("isIP('')", .network), ("lists.range(1)", .lists),
      ("[1].sortBy(x, x)", .lists), ("sets.contains([1], [1])", .sets),
      ("regex.replace('', '', '')", .regex), ("cel.bind(x, 1, x)", .bindings),
      ("{}.transformMap(k, v, v)", .twoVariableComprehensions), ("net.IP", .network),
    ])
  func switches(_ source: String, _ library: Extensions) {
    #expect(Outcome.of(source, extensions: [.macros, library]) != "refused")
    #expect(Outcome.of(source, extensions: .all.subtracting(library)) == "refused")
  }
}
