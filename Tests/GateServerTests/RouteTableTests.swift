import GateServer
import Testing

/// Paths lead where they should.
@Suite struct RouteTableTests {
  static var table: RouteTable<String> {
    var table = RouteTable<String>()
    table.add("POST", "/groups/_register", "register")
    table.add("GET", "/groups/{id}", "get")
    table.add("PUT", "/groups/{id}", "update")
    table.add("GET", "/groups/{id}/{part}", "part")
    table.add("GET", "/groups/_all/{part}", "all")
    table.add("GET", "/", "root")
    return table
  }

  static func find(_ method: String, _ path: String) throws -> String {
    let request = try WireRequest(method: method, target: path)
    return switch table.match(method, request.segments) {
    case .found(let handler, let names, _):
      "\(handler) \(names.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })"
    case .wrongMethod(let allowed): "wrong \(allowed)"
    case .none: "none"
    }
  }

  @Test(arguments: [
    ("POST", "/groups/_register", "register []"),
    ("GET", "/groups/_register", #"get ["id=_register"]"#),
    ("GET", "/groups/a%2Fb?x=1", #"get ["id=a/b"]"#),
    ("GET", "/groups/_all/x", #"all ["part=x"]"#),
    ("GET", "/groups/g/x", #"part ["id=g", "part=x"]"#),
    ("DELETE", "/groups/g", #"wrong ["GET", "PUT"]"#),
    ("DELETE", "/groups/_register", #"wrong ["POST", "GET", "PUT"]"#),
    ("GET", "/", "root []"),
    ("GET", "/nothing", "none"),
  ])
  func leads(_ method: String, _ path: String, _ expected: String) throws {
    #expect(try Self.find(method, path) == expected)
  }

  @Test(arguments: ["/%", "/%2", "/%zz", "/%ff", "/a%00b", "no-slash", "/a?b=%f"])
  func refusesBrokenTargets(_ target: String) {
    #expect(throws: WireFault.self) { try WireRequest(method: "GET", target: target) }
  }

  @Test func readsQueries() throws {
    let query = try WireRequest(method: "GET", target: "/a?b=1&b=2&c&d=%C3%A9+x&=e&&").query
    #expect(query["b"] == "2")
    #expect(query["c"] == "")
    #expect(query["d"] == "é x")
    #expect(query["absent"] == nil)
    #expect(query.parameters.map(\.name) == ["b", "b", "c", "d", ""])
  }
}
