import Foundation
package import ModelRegistry
import PolicyGate

extension ModelRegistry {
  /// The records of the log, checked to be whole.
  package func logged() async throws -> [LoggedRecord] {
    try await inspect { snapshot in
      let (start, end) = try snapshot.logHead()
      var verifier = LogVerifier(from: start, anchors: [end])
      let entries = try snapshot.log(from: 1, limit: 1_000_000)
      for entry in entries { try verifier.check(entry) }
      try verifier.finish()
      return try entries.map { try LoggedRecord($0.bytes) }
    }
  }
}

/// A record of the log, as far as tests ask.
package struct LoggedRecord: Decodable, Sendable {
  package var kind: String
  package var key: String?
  package var revision: String
  package var outcome: String?
  package var note: String?
  package var request: LoggedRequest?

  package struct LoggedRequest: Decodable, Sendable {
    package var subject: Part
    package var action: Action
    package var resource: Part
  }
  package struct Part: Decodable, Sendable {
    package var id: String
  }
  package struct Action: Decodable, Sendable {
    package var name: String
    package var properties: [String: JSON]?
  }

  package init(_ bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(LoggedRecord.self, from: Data(bytes))
  }
}

/// Any JSON value.
package enum JSON: Decodable, Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  package init(from decoder: any Decoder) throws {
    let one = try decoder.singleValueContainer()
    if one.decodeNil() {
      self = .null
    } else if let value = try? one.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? one.decode(Double.self) {
      self = .number(value)
    } else if let value = try? one.decode(String.self) {
      self = .string(value)
    } else if let value = try? one.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try one.decode([String: JSON].self))
    }
  }

  package subscript(name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}
