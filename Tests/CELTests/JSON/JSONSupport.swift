import CEL

/// A value as a tree: slow, and plain enough to be compared and printed.
indirect enum JSONValue: Equatable, Sendable, CustomStringConvertible {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case bits(UInt64)
  case string([UInt8])
  case array([JSONValue])
  case object([Member])

  struct Member: Equatable, Sendable {
    let name: [UInt8]
    let value: JSONValue
  }

  static func string(_ text: String) -> Self { .string(Array(text.utf8)) }
  static func double(_ value: Double) -> Self { .bits(value.bitPattern) }

  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "int \(value)"
    case .uint(let value): "uint \(value)"
    case .bits(let bits): "double \(Double(bitPattern: bits))"
    case .string(let text): "`\(String(decoding: text, as: UTF8.self))`"
    case .array(let elements): "\(elements)"
    case .object(let members):
      "{\(members.map { "\(String(decoding: $0.name, as: UTF8.self)): \($0.value)" })}"
    }
  }
}

extension JSONTape {
  /// The tree of the node at `index`.
  func value(_ index: Int = 0) -> JSONValue {
    let node = nodes[index]
    switch node.kind {
    case .null: return .null
    case .false: return .bool(false)
    case .true: return .bool(true)
    case .int: return .int(node.int)
    case .uint: return .uint(node.uint)
    case .double: return .double(node.double)
    case .string: return .string(text(index))
    case .array: return .array(children(of: index).map { value($0) })
    case .object:
      return .object(
        children(of: index).map { .init(name: text($0), value: value($0 + 1)) })
    }
  }

  func text(_ index: Int) -> [UInt8] {
    withText(of: index) { span in span.indices.map { span[$0] } }
  }
}

/// Reads a text; the fault is a value, so that a table can hold it.
func readJSON(
  _ bytes: [UInt8], _ limits: JSONLimits = .default
) -> Result<JSONTape, JSONError> {
  var tape = JSONTape()
  do throws(JSONError) {
    try tape.read(bytes, limits: limits)
    return .success(tape)
  } catch {
    return .failure(error)
  }
}

func readJSON(
  _ text: String, _ limits: JSONLimits = .default
) -> Result<JSONTape, JSONError> {
  readJSON(Array(text.utf8), limits)
}

extension Result where Success == JSONTape, Failure == JSONError {
  var value: JSONValue? { (try? get())?.value() }

  var error: JSONError? {
    if case .failure(let error) = self { error } else { nil }
  }
}

/// SplitMix64: a failure can be repeated from its seed.
struct JSONRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z &>> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z &>> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z &>> 31
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }
}
