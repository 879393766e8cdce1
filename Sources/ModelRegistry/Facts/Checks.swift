import CEL

/// Adds up what the parameters of an operation come to.
struct ParameterSize {
  private var bytes = 0

  /// An id or a name.
  mutating func name(_ what: String, _ text: String?) throws(RegistryError) {
    guard let text else { return }
    let count = text.utf8.count
    guard count <= RegistryLimits.nameBytes else {
      throw RegistryError(
        .tooLarge, "the \(what) has \(count) bytes",
        help: "names have at most \(RegistryLimits.nameBytes)")
    }
    try add(count)
  }

  mutating func text(_ text: String?) throws(RegistryError) { try add(text?.utf8.count ?? 0) }

  mutating func texts(_ texts: [String]?) throws(RegistryError) {
    for text in texts ?? [] { try add(max(8, text.utf8.count)) }
  }

  mutating func bytes(_ bytes: [UInt8]) throws(RegistryError) { try add(bytes.count) }

  private mutating func add(_ count: Int) throws(RegistryError) {
    bytes += count
    guard bytes <= RegistryLimits.operationBytes else {
      throw RegistryError(
        .tooLarge, "the parameters come to more than \(RegistryLimits.operationBytes) bytes",
        help: "keep large content in the model's definition")
    }
  }
}

enum Configuration {
  /// Checks that a configuration is a JSON object, and cuts off what is around it.
  static func object(_ bytes: [UInt8]) throws(RegistryError) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    var tape = JSONTape()
    let limits = JSONLimits(
      bytes: RegistryLimits.operationBytes, depth: RegistryLimits.configurationDepth)
    do throws(JSONError) {
      try tape.read(bytes, limits: limits)
    } catch {
      throw RegistryError(
        .invalid, "the configuration can't be read: \(error.message), at byte \(error.offset)",
        help: error.help)
    }
    guard tape.kind(of: tape.root) == .object else {
      throw RegistryError(.invalid, "the configuration is not a JSON object")
    }
    return Array(bytes[tape.sourceRange(of: tape.root)])
  }
}
