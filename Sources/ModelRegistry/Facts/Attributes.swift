import CEL

/// Attributes in the order in which they were added, so that the same facts make the same bytes.
struct Attributes {
  private var entries: [(name: String, value: CELValue)] = []

  init() { entries.reserveCapacity(Self.usual) }

  /// Room for so many at first, because most have about as many.
  private static var usual: Int { 8 }

  mutating func add(_ name: String, _ value: CELValue) { entries.append((name, value)) }
  mutating func add(_ name: String, _ value: String?) {
    if let value { add(name, .string(value)) }
  }
  mutating func add(_ name: String, _ value: Int?) {
    if let value { add(name, .int(Int64(value))) }
  }
  mutating func add(_ name: String, _ value: Bool?) {
    if let value { add(name, .bool(value)) }
  }
  mutating func add(_ name: String, _ texts: [String]?) {
    if let texts { add(name, .list(texts.map { .string($0) })) }
  }
  mutating func add(_ name: String, _ attributes: Attributes?) {
    if let attributes { add(name, attributes.map) }
  }

  /// As a value.
  var map: CELValue { .map(entries.map { CELValue.Entry(.string($0.name), $0.value) }) }

  /// As the properties of a part of a request.
  var properties: [String: CELValue] {
    var properties = [String: CELValue](minimumCapacity: entries.count)
    for entry in entries { properties[entry.name] = entry.value }
    return properties
  }
}
