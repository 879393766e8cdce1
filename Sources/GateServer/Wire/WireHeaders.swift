/// Header fields, in their order. Names are equal whatever their case.
public struct WireHeaders: Sendable, ExpressibleByDictionaryLiteral {
  /// Name and value.
  public private(set) var fields: [(name: String, value: String)] = []

  /// No fields.
  public init() {}

  /// Fields in their order.
  public init(_ fields: [(name: String, value: String)]) { self.fields = fields }

  /// Fields in their order.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The first value of a field.
  public subscript(name: String) -> String? {
    fields.first { Self.isSame($0.name, name) }?.value
  }

  /// The value of a field that came once; nil if it came more than once or not at all.
  package func only(_ name: String) -> String? {
    var value: String?
    for field in fields where Self.isSame(field.name, name) {
      guard value == nil else { return nil }
      value = field.value
    }
    return value
  }

  /// All values of a field.
  public func all(_ name: String) -> [String] {
    var values: [String] = []
    for field in fields where Self.isSame(field.name, name) { values.append(field.value) }
    return values
  }

  /// Adds a field, beside others of its name.
  public mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  /// Sets a field, in the place of others of its name.
  public mutating func set(_ name: String, _ value: String) {
    remove(name)
    add(name, value)
  }

  /// Removes all fields of a name.
  public mutating func remove(_ name: String) {
    fields.removeAll { Self.isSame($0.name, name) }
  }

  /// Names are of ASCII (RFC 9110, section 5.6.2), so nothing else has a case here.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    guard one.utf8.count == other.utf8.count else { return false }
    for (left, right) in zip(one.utf8, other.utf8) where left != right {
      let letter = left | 0x20
      guard letter == right | 0x20, letter >= 0x61, letter <= 0x7A else { return false }
    }
    return true
  }
}
