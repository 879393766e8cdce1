import Foundation
import GateServer
import ModelRegistry
import Testing

/// Searches agree with looking at every group one by one, and nothing that is sent makes the server
/// fail.
@Suite struct OpenSearchPropertyTests {
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  static let words = ["alpha", "beta", "gamma", "delta", "alphabet"]
  static let roles = ["IT", "HR", "Finance"]

  /// A query, and the same as a function over what `GET` tells of a group.
  typealias Query = (json: String, holds: ([String: Any]) -> Bool)

  static func query(_ dice: inout Dice, _ depth: Int) -> Query {
    let word = words.randomElement(using: &dice) ?? ""
    switch Int.random(in: 0..<(depth > 0 ? 11 : 8), using: &dice) {
    case 0: return (#"{"match_all":{}}"#, { _ in true })
    case 1:
      return (
        #"{"match":{"name":"\#(word.uppercased())"}}"#,
        { ($0["name"] as? String)?.split(separator: " ").contains(word[...]) ?? false }
      )
    case 2:
      let access = ["public", "private", "restricted"].randomElement(using: &dice) ?? ""
      return (#"{"term":{"access":"\#(access)"}}"#, { $0["access"] as? String == access })
    case 3:
      let role = roles.randomElement(using: &dice) ?? ""
      return (
        #"{"terms":{"backend_roles.keyword":["\#(role)","none"]}}"#,
        { ($0["backend_roles"] as? [String] ?? []).contains(role) }
      )
    case 4: return (#"{"exists":{"field":"description"}}"#, { $0["description"] != nil })
    case 5:
      let owner = "user\(Int.random(in: 1...4, using: &dice))"
      return (
        #"{"nested":{"path":"owner","query":{"term":{"owner.name.keyword":"\#(owner)"}}}}"#,
        { ($0["owner"] as? [String: Any])?["name"] as? String == owner }
      )
    case 6:
      return (
        #"{"prefix":{"name.keyword":"\#(word.prefix(3))"}}"#,
        { ($0["name"] as? String)?.hasPrefix(word.prefix(3)) ?? false }
      )
    case 7:
      let time = 1_700_000_000_000 + Int.random(in: 0..<400, using: &dice)
      return (
        #"{"range":{"created_time":{"gt":\#(time)}}}"#,
        { ($0["created_time"] as? NSNumber)?.intValue ?? 0 > time }
      )
    case 8:
      let inner = query(&dice, depth - 1)
      return (#"{"bool":{"must_not":\#(inner.json)}}"#, { !inner.holds($0) })
    default:
      let (one, other) = (query(&dice, depth - 1), query(&dice, depth - 1))
      return Bool.random(using: &dice)
        ? (
          #"{"bool":{"must":[\#(one.json)],"filter":[\#(other.json)]}}"#,
          { one.holds($0) && other.holds($0) }
        )
        : (
          #"{"bool":{"should":[\#(one.json),\#(other.json)]}}"#,
          { one.holds($0) || other.holds($0) }
        )
    }
  }

  @Test func searchesAgreeWithLookingAtEveryGroup() async throws {
    var dice = Dice(state: 7)
    let world = try await OpenSearchWorld()
    var ids: [String] = []
    for number in 0..<60 {
      let maker = "user\(1 + number % 4)"
      let chosen = (0..<3).map { _ in Self.words.randomElement(using: &dice) ?? "" }
      let access =
        maker == "user4" || Int.random(in: 0..<3, using: &dice) > 0
        ? #""access_mode":"\#(number % 3 == 0 ? "private" : "public")""#
        : #""add_all_backend_roles":true"#
      let about = number % 2 == 0 ? #","description":"about""# : ""
      ids.append(
        try await world.group(
          #"{"name":"\#(chosen.joined(separator: " ")) \#(number)",\#(access)\#(about)}"#, as: maker
        ))
    }
    for round in 0..<120 {
      let query = Self.query(&dice, 3)
      let user = ["user1", "user2", "user3", "user4", "admin", "reader"][round % 6]
      var wanted: [String] = []
      for id in ids {
        let got = try await world.send("GET", "/_plugins/_ml/model_groups/\(id)", as: user)
        guard got.status == 200, let group = got.json as? [String: Any] else { continue }
        if query.holds(group) { wanted.append(id) }
      }
      let whole = try await world.send(
        "POST", OpenSearchSearchTests.search, #"{"size":100,"query":\#(query.json)}"#, as: user)
      #expect(whole.ids == wanted.sorted(), "\(user): \(query.json)")
      #expect(whole.number("hits.total.value") == wanted.count)
      // In pages, sorted by time, it is the same.
      var paged: [String] = []
      for from in stride(from: 0, to: 100, by: 7) {
        let page = try await world.send(
          "POST", OpenSearchSearchTests.search,
          #"{"from":\#(from),"size":7,"sort":"created_time","query":\#(query.json)}"#, as: user)
        paged += page.ids
      }
      #expect(paged == wanted, "\(query.json)")
    }
  }

  /// Calls with bodies that somebody has broken on purpose: something is answered, never 5xx, and no
  /// answer tells of the inside.
  @Test func hostileBodiesAreAnswered() async throws {
    var dice = Dice(state: 11)
    let world = try await OpenSearchWorld()
    let id = try await world.group(#"{"name":"g"}"#)
    let model = try await OpenSearchModelTests.register(
      world, #"{"name":"m","function_name":"remote"}"#)
    let calls = [
      ("POST", "/_plugins/_ml/model_groups/_register"), ("PUT", "/_plugins/_ml/model_groups/\(id)"),
      ("POST", "/_plugins/_ml/model_groups/_search"), ("POST", "/_plugins/_ml/models/_register"),
      ("PUT", "/_plugins/_ml/models/\(model)"), ("GET", "/_plugins/_ml/models/_search"),
      ("POST", "/_plugins/_ml/models/_undeploy"), ("PUT", "/_cluster/settings"),
      ("POST", "/_plugins/_ml/models/\(model)/_deploy"),
    ]
    let seeds = [
      #"{"name":"n","description":"d","access_mode":"public","backend_roles":["a"],"add_all_backend_roles":true}"#,
      #"{"query":{"bool":{"must":[{"range":{"created_time":{"gte":"now-1d/d"}}}],"should":{"match":{"name":"x"}}}},"sort":[{"created_time":"desc"}],"_source":{"includes":["a*"]},"from":1,"size":2}"#,
      #"{"query":{"query_string":{"query":"a:(b OR [c TO d]) -\"e f\" *g"}}}"#,
      #"{"persistent":{"plugins":{"ml_commons":{"model_access_control_enabled":"true"}}},"model_ids":["x"]}"#,
      #"{"query":{"nested":{"path":"owner","query":{"wildcard":{"owner.name":"*a?"}}}},"track_total_hits":3}"#,
    ]
    let pieces = [
      "null", "[]", "{}", "1e400", "-1", "\"\\ud800\"", "\"\u{0}\"", "\"*\"", "{{{{", "\"now||/\"",
      String(repeating: "[", count: 200), "99999999999999999999", "\"9223372036854775807||+9y/w\"",
      "\"\\\\\"", "true", "\"a\u{301}\"",
    ]
    for round in 0..<1_500 {
      var bytes = Array((seeds.randomElement(using: &dice) ?? "").utf8)
      for _ in 0..<Int.random(in: 0...3, using: &dice) {
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 5))
        case 2:
          // A value in the place of another one.
          let piece = Array((pieces.randomElement(using: &dice) ?? "").utf8)
          let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) ?? place
          let end = bytes[colon...].firstIndex { ",}]".utf8.contains($0) } ?? bytes.count
          bytes.replaceSubrange(min(colon + 1, end)..<end, with: piece)
        default: bytes = Array(bytes.prefix(place))
        }
        if bytes.isEmpty { bytes = [0x7B] }
      }
      let (method, path) = calls[round % calls.count]
      let answer = try await world.send(method, path, bytes: bytes, as: "admin")
      let sent = String(decoding: bytes, as: UTF8.self)
      #expect((200..<500).contains(answer.status), "\(method) \(path) \(sent): \(answer)")
      #expect(answer.json != nil)
      for word in ["Swift", "JSONError", "nil", "Optional("] {
        #expect(!answer.body.contains(word), "\(sent): \(answer)")
      }
    }
  }
}
