import GateServer
import Testing

/// JSON goes out in the form that the caller asked for.
@Suite struct JSONShapingTests {
  static func shape(_ json: String, _ query: String, status: Int = 200) throws -> String {
    let request = try WireRequest(method: "GET", target: "/x?" + query)
    let response = WireResponse.json(status, Array(json.utf8))
    return String(
      decoding: try JSONShaping(request.query).shape(response).body, as: UTF8.self)
  }

  static let sample =
    #"{"a":0,"b":true,"d":[0,1],"e":[{"f":"x","g":[]},{"g":{"f":2}}],"h":{"i":{"j":null}},"k.l":{}}"#

  struct Case: CustomTestStringConvertible {
    let query: String
    let expected: String
    var testDescription: String { query }
  }

  static let cases = [
    Case(query: "", expected: sample),
    Case(query: "pretty=false", expected: sample),
    Case(query: "filter_path=", expected: sample),
    Case(query: "filter_path=a,b", expected: #"{"a":0,"b":true}"#),
    Case(query: "filter_path=h", expected: #"{"h":{"i":{"j":null}}}"#),
    Case(query: "filter_path=h.i.j", expected: #"{"h":{"i":{"j":null}}}"#),
    Case(query: "filter_path=h.i.x", expected: "{}"),
    Case(query: "filter_path=a.x", expected: "{}"),
    Case(query: "filter_path=e.f", expected: #"{"e":[{"f":"x"}]}"#),
    Case(query: "filter_path=e.g", expected: #"{"e":[{"g":[]},{"g":{"f":2}}]}"#),
    Case(query: "filter_path=d", expected: #"{"d":[0,1]}"#),
    Case(query: "filter_path=*.i", expected: #"{"h":{"i":{"j":null}}}"#),
    // Two stars stand for one name at least.
    Case(query: "filter_path=**.f", expected: #"{"e":[{"f":"x"},{"g":{"f":2}}]}"#),
    Case(query: "filter_path=**.a", expected: "{}"),
    Case(query: "filter_path=**", expected: sample),
    Case(query: #"filter_path=k\.l"#, expected: #"{"k.l":{}}"#),
    Case(query: "filter_path=k.l", expected: "{}"),
    Case(query: "filter_path=k*", expected: #"{"k.l":{}}"#),
    Case(query: "filter_path=h,h.i.x", expected: #"{"h":{"i":{"j":null}}}"#),
    Case(
      query: "filter_path=-e,-h.i,-k*", expected: #"{"a":0,"b":true,"d":[0,1]}"#),
    Case(query: "filter_path=h,e,-e.g", expected: #"{"e":[{"f":"x"}],"h":{"i":{"j":null}}}"#),
    Case(query: "filter_path=-**", expected: "{}"),
    Case(
      query: "pretty&filter_path=e,k*",
      expected: """
        {
          "e" : [
            {
              "f" : "x",
              "g" : [ ]
            },
            {
              "g" : {
                "f" : 2
              }
            }
          ],
          "k.l" : { }
        }

        """),
    Case(query: "pretty=true&filter_path=x", expected: "{ }\n"),
  ]

  @Test(arguments: cases)
  func shapes(_ example: Case) throws {
    #expect(try Self.shape(Self.sample, example.query) == example.expected)
  }

  @Test func doesNotFilterErrors() throws {
    #expect(
      try Self.shape(#"{"error":1}"#, "filter_path=x&pretty", status: 404)
        == "{\n  \"error\" : 1\n}\n")
  }

  @Test func leavesOtherContentAlone() throws {
    let request = try WireRequest(method: "GET", target: "/?pretty")
    let shaping = try JSONShaping(request.query)
    #expect(shaping.shape(WireResponse.text(200, "{}")).body == Array("{}".utf8))
    #expect(shaping.shape(Array("{".utf8)) == Array("{".utf8))
  }

  @Test(arguments: ["pretty=yes", "pretty=True"])
  func refusesOtherWords(_ query: String) {
    #expect(throws: ErrorBody.self) { try Self.shape("{}", query) }
  }

  @Test func limitsSegments() throws {
    func path(_ count: Int) -> String { (0..<count).map { "a\($0)" }.joined(separator: ".") }
    let most = ServerLimits.filterPathSegments
    #expect(try Self.shape("{}", "filter_path=" + path(most)) == "{}")
    #expect(throws: ErrorBody.self) { try Self.shape("{}", "filter_path=" + path(most + 1)) }
  }

  // MARK: Against a reference

  /// JSON, and the meaning of paths by the book: each path from the start, for each name.
  indirect enum Value {
    case scalar(Int)
    case array([Value])
    case object([(String, Value)])

    var text: String {
      switch self {
      case .scalar(let number): String(number)
      case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
      case .object(let members):
        "{" + members.map { "\"\($0.0)\":\($0.1.text)" }.joined(separator: ",") + "}"
      }
    }

    static func random(_ random: inout some RandomNumberGenerator, depth: Int) -> Value {
      switch depth == 0 ? 0 : Int.random(in: 0..<4, using: &random) {
      case 0: return .scalar(Int.random(in: 0..<9, using: &random))
      case 1:
        return .array(
          (0..<Int.random(in: 0..<3, using: &random)).map { _ in
            .random(&random, depth: depth - 1)
          })
      default:
        let names = ["a", "ab", "b", "ba", "aba"].filter { _ in Bool.random(using: &random) }
        return .object(names.map { ($0, .random(&random, depth: depth - 1)) })
      }
    }
  }

  static func glob(_ pattern: Substring, _ text: Substring) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return glob(pattern.dropFirst(), text) || (!text.isEmpty && glob(pattern, text.dropFirst()))
    }
    return text.first == first && glob(pattern.dropFirst(), text.dropFirst())
  }

  static func matches(_ path: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
    guard let first = path.first, let name = names.first else {
      return path.isEmpty && names.isEmpty
    }
    let rest = names.dropFirst()
    if first == "**" { return matches(path.dropFirst(), rest) || matches(path, rest) }
    return glob(first[...], name[...]) && matches(path.dropFirst(), rest)
  }

  /// What is left of a value that some path goes through; nil for nothing.
  static func sift(_ value: Value, _ paths: [[String]], _ names: [String], keeps: Bool) -> Value? {
    switch value {
    case .scalar: return keeps ? nil : value
    case .array(let elements):
      let left = elements.compactMap { sift($0, paths, names, keeps: keeps) }
      return left.isEmpty ? nil : .array(left)
    case .object(let members):
      let left = members.compactMap { (name, value) -> (String, Value)? in
        let names = names + [name]
        if paths.contains(where: { matches($0[...], names[...]) }) {
          return keeps ? (name, value) : nil
        }
        let goesOn = paths.contains { path in
          (1..<max(1, path.count)).contains { matches(path.prefix($0), names[...]) }
        }
        guard goesOn else { return keeps ? nil : (name, value) }
        return sift(value, paths, names, keeps: keeps).map { (name, $0) }
      }
      return left.isEmpty ? nil : .object(left)
    }
  }

  @Test(arguments: 0..<20)
  func filtersLikeTheReference(_ seed: UInt64) throws {
    var random = Seeded(state: seed)
    for _ in 0..<100 {
      var value = Value.random(&random, depth: 4)
      if case .object = value {} else { value = .object([("a", value)]) }
      let words = ["a", "ab", "b", "*", "**", "a*", "*b*", "ba"]
      let paths = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
          words[Int.random(in: 0..<words.count, using: &random)]
        }
      }
      let keeps = Bool.random(using: &random)
      let query = paths.map { (keeps ? "" : "-") + $0.joined(separator: ".") }
      let expected = Self.sift(value, paths, [], keeps: keeps) ?? .object([])
      let actual = try Self.shape(
        value.text, "filter_path=" + query.joined(separator: ",").replacing("*", with: "%2A"))
      #expect(actual == expected.text, "\(value.text) \(query)")
    }
  }

  /// Numbers that come again with the same seed.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
