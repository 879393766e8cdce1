import CEL
import ModelRegistry
import PolicyEngine
import Synchronization

/// Definitions that come in parts.
extension Exchange {
  /// `PUT /_ml/trained_models/{model_id}/definition/{part}`
  ///
  /// The registry stores a definition whole. Until its last part is there, the others are kept in
  /// memory, for its caller: a process that ends forgets them.
  func putDefinitionPart() throws(ErrorBody) -> Route.Action {
    let part = try DefinitionPart(self)
    let id = name("model_id")
    let call = try call()
    return {
      if part.total == 1 || call.isDryRun {
        return acknowledged(try await perform(PutDefinition(part.bytes, of: id), call).decision)
      }
      // Whoever may not store it does not fill the memory either.
      let empty = PutDefinition([], of: id)
      let rehearsal = try await site.registry.rehearse(empty, by: caller.subject)
      guard rehearsal.decision.isAllowed else { throw try await told(rehearsal.decision, empty) }
      if let obstacle = rehearsal.obstacle { throw obstacle }
      let key = DefinitionUploads.Key(caller: caller.name, model: id)
      guard let bytes = try site.uploads.add(part, to: key) else { return acknowledged() }
      do {
        let performed = try await perform(PutDefinition(bytes, of: id), call)
        site.uploads.forget(key)
        return acknowledged(performed.decision)
      } catch {
        // While the store can't be reached, the caller may send the last part again.
        if error is ErrorBody || error is RegistryError { site.uploads.forget(key) }
        throw error
      }
    }
  }
}

/// One part of a definition.
package struct DefinitionPart: Sendable {
  package let number: Int
  package let total: Int
  /// Bytes of the whole definition.
  package let length: Int
  package let bytes: [UInt8]

  /// A part from its own parts.
  package init(number: Int, total: Int, length: Int, bytes: [UInt8]) {
    (self.number, self.total, self.length, self.bytes) = (number, total, length, bytes)
  }

  init(_ exchange: Exchange) throws(ErrorBody) {
    let text = exchange.name("part")
    guard let number = Int32(text) else {
      throw .illegalArgument("Failed to parse int parameter [part] with value [\(text)]")
    }
    let body = try BodyObject(exchange.request, "put_trained_model_definition_part_action")
    try body.refuseOthers(than: ["definition", "total_definition_length", "total_parts"])
    guard let encoded = try body.string("definition") else {
      throw .illegalArgument("Required [definition]")
    }
    guard let bytes = Base64.standard.decode(Array(encoded.utf8)[...]) else {
      throw body.failed("definition")
    }
    guard let total = try body.number("total_parts"),
      let length = try body.number("total_definition_length")
    else { throw .illegalArgument("Required [total_definition_length, total_parts]") }
    var faults: [String] = []
    if number < 0 { faults.append("[part] must be greater or equal to 0") }
    if total <= 0 { faults.append("[total_parts] must be greater than 0") }
    if total > ServerLimits.definitionParts {
      faults.append("[total_parts] must be less than or equal to \(ServerLimits.definitionParts)")
    }
    if length <= 0 { faults.append("[total_definition_length] must be greater than 0") }
    if number >= total { faults.append("[part] must be less than total_parts") }
    guard faults.isEmpty else {
      let list = faults.enumerated().map { "\($0.offset + 1): \($0.element);" }.joined()
      throw ErrorBody(400, "action_request_validation_exception", "Validation Failed: \(list)")
    }
    guard length <= RegistryLimits.definitionBytes else {
      throw ErrorBody(
        413, "status_exception",
        "definitions have at most [\(RegistryLimits.definitionBytes)] bytes, this one has [\(length)]"
      )
    }
    if total == 1, bytes.count != Int(length) { throw Self.wrongLength(bytes.count, Int(length)) }
    self.init(number: Int(number), total: Int(total), length: Int(length), bytes: bytes)
  }

  static func wrongLength(_ found: Int, _ expected: Int) -> ErrorBody {
    .illegalArgument(
      "[total_definition_length] is [\(expected)] but the parts have [\(found)] bytes")
  }
}

/// Definitions of which some parts are there.
package final class DefinitionUploads: Sendable {
  /// Whose definition of what.
  package struct Key: Hashable, Sendable {
    private let caller: ExactText
    private let model: ExactText

    package init(caller: String, model: String) {
      (self.caller, self.model) = (ExactText(caller), ExactText(model))
    }
  }

  private struct Upload {
    let total: Int
    let length: Int
    var parts: [Int: [UInt8]] = [:]
    var bytes = 0
    var lastUse: ContinuousClock.Instant
  }

  private let uploads = Mutex<[Key: Upload]>([:])
  private let now: @Sendable () -> ContinuousClock.Instant

  package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

  /// Keeps a part. Parts may come in any order, and again. If the numbers of the whole differ from
  /// those of earlier parts, it is another upload, and begins anew.
  ///
  /// - Returns: the definition, if this was the last part. It is kept on until it is forgotten.
  /// - Throws: `ErrorBody` if too many others are being uploaded, or the parts are not as long as
  ///   they should be together.
  package func add(_ part: DefinitionPart, to key: Key) throws(ErrorBody) -> [UInt8]? {
    let result = uploads.withLock { uploads in
      Result<[UInt8]?, ErrorBody> { () throws(ErrorBody) in
        try Self.add(part, to: key, in: &uploads, at: now())
      }
    }
    return try result.get()
  }

  private static func add(
    _ part: DefinitionPart, to key: Key, in uploads: inout [Key: Upload],
    at now: ContinuousClock.Instant
  ) throws(ErrorBody) -> [UInt8]? {
    uploads = uploads.filter {
      $0.value.lastUse.duration(to: now) < .seconds(ServerLimits.definitionUploadSeconds)
    }
    if let known = uploads[key], known.total != part.total || known.length != part.length {
      uploads[key] = nil
    }
    guard uploads[key] != nil || uploads.count < ServerLimits.definitionUploads else {
      throw ErrorBody(
        429, "status_exception",
        "too many definitions are being uploaded at once; try again when others are done")
    }
    var upload =
      uploads.removeValue(forKey: key)
      ?? Upload(total: part.total, length: part.length, lastUse: now)
    upload.bytes += part.bytes.count - (upload.parts[part.number]?.count ?? 0)
    upload.parts[part.number] = part.bytes
    upload.lastUse = now
    let isWhole = upload.parts.count == upload.total
    // Forgotten if it can't come right any more.
    guard upload.bytes <= upload.length, !isWhole || upload.bytes == upload.length else {
      throw DefinitionPart.wrongLength(upload.bytes, upload.length)
    }
    uploads[key] = upload
    guard isWhole else { return nil }
    var whole: [UInt8] = []
    whole.reserveCapacity(upload.length)
    for number in 0..<upload.total { whole += upload.parts[number] ?? [] }
    return whole
  }

  /// Forgets what is there of a definition.
  package func forget(_ key: Key) { uploads.withLock { $0[key] = nil } }
}
