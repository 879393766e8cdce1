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
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// All values of a field.
  public func all(_ name: String) -> [String] {
    let wanted = name.lowercased()
    return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
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
    let wanted = name.lowercased()
    fields.removeAll { $0.name.lowercased() == wanted }
  }
}
