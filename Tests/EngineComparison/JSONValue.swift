package import CEL
import Foundation
package import PolicyEngine

/// JSON as Foundation reads it: the tests' own view of documents and requests, with nothing of the
/// engine's reader in it.
package enum JSONValue: Decodable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .uint(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package static func parse(_ text: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  package subscript(name: String) -> JSONValue? { object[name] }

  package var object: [String: JSONValue] {
    if case .object(let members) = self { members } else { [:] }
  }
  package var array: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var strings: [String] { array.compactMap(\.string) }
  package var int: Int? { if case .int(let value) = self { Int(value) } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The value as conditions see it; members in the order of their names.
  package var cel: CELValue {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    case .array(let elements): .list(elements.map(\.cel))
    case .object(let members):
      .map(members.keys.sorted().map { .init(.string($0), members[$0]?.cel ?? .null) })
    }
  }
}

extension Request {
  /// The request that a JSON text says, by way of Foundation.
  package init(foundation text: String) throws {
    let json = try JSONValue.parse(text)
    func entity(_ part: JSONValue?) -> Entity {
      Entity(
        type: part?["type"]?.string ?? "", id: part?["id"]?.string ?? "",
        properties: part?["properties"]?.object.mapValues(\.cel) ?? [:])
    }
    self.init(
      subject: entity(json["subject"]),
      action: Action(
        name: json["action"]?["name"]?.string ?? "",
        properties: json["action"]?["properties"]?.object.mapValues(\.cel) ?? [:]),
      resource: entity(json["resource"]), context: json["context"]?.object.mapValues(\.cel) ?? [:])
  }
}
