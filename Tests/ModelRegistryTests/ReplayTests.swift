import Foundation
import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// The cases that were written down from OpenSearch's tests and source, replayed on the registry:
/// their requests become operations, and what comes of them is what OpenSearch answers, with the
/// departures that `docs/REGISTRY.md` names.
@Suite struct ReplayTests {
  static let file = Checkout.shared.appendingPathComponent("data/opensearch-cases.json")

  @Test func casesOfOpenSearch() async throws {
    guard let data = try? Data(contentsOf: Self.file) else {
      print("NOT TESTED: there is no \(Self.file.path); MODELGATE_SHARED says where it is")
      return
    }
    let cases = try JSONDecoder().decode(ReplayFile.self, from: data)
    var (passed, skipped): (Int, [String: Int]) = (0, [:])
    for one in cases.cases {
      do {
        let replay = try await Replay(one, users: cases.users)
        let answer = try await replay.run()
        if let fault = replay.fault(of: answer) {
          Issue.record("\(one.id): \(fault)")
        } else {
          passed += 1
        }
      } catch let reason as NotHere {
        skipped[reason.why, default: 0] += 1
      }
    }
    print("replayed \(passed) of \(cases.cases.count) cases; skipped: \(skipped)")
    #expect(passed >= 180, "too few cases were replayed")
    #expect(passed + skipped.values.reduce(0, +) == cases.cases.count)
  }
}

/// Why a case can't be replayed without a server in front.
struct NotHere: Error {
  let why: String
  static let parsing = NotHere(why: "what a body may look like is HTTP's")
  static let faults = NotHere(why: "needs a failing storage layer of OpenSearch's")
  static let rendering = NotHere(why: "how an answer is rendered is HTTP's")
  static let noOperation = NotHere(why: "the registry has no such operation")
  static let query = NotHere(why: "the query language is HTTP's")
}

struct ReplayFile: Decodable {
  let users: [String: ReplayUser?]
  let cases: [ReplayCase]
}

struct ReplayUser: Decodable {
  let name: String
  let roles, backend_roles: [String]
  let super_admin: Bool?
}

struct ReplayCase: Decodable {
  let id, level: String
  let cluster: [String: Bool]
  let as_user: ReplayUser?
  let setup: [Step]
  let request: Request
  let expect: Expectation

  struct Request: Decodable {
    let method, path: String
    let body: JSON?
  }
  struct Step: Decodable {
    let as_user: String?
    let method, path: String
    let body: JSON?
    let save: [String: String]?
  }
  struct Expectation: Decodable {
    let status: Int?
    let error_type, reason, reason_match: String?
    let body: [String: JSON]?
    let body_has, body_lacks: [String]?
  }
}

extension JSON {
  /// As OpenSearch takes texts: numbers and booleans count too.
  func text() throws -> String {
    switch self {
    case .string(let text): text
    case .bool(let value): "\(value)"
    case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    case .null, .array, .object: throw NotHere.parsing
    }
  }

  func texts() throws -> [String] {
    guard case .array(let elements) = self else { throw NotHere.parsing }
    return try elements.map { try $0.text() }
  }

  func flag() throws -> Bool {
    switch self {
    case .bool(let value): value
    case .string("true"): true
    case .string("false"), .string(""): false
    default: throw NotHere.parsing
    }
  }
}
