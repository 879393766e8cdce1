import CEL
import ModelRegistry

/// A trained model as Elasticsearch writes its configuration.
struct ModelForm: Sendable {
  let excludesGenerated: Bool
  let isHuman: Bool
  let version: String

  /// What is written on demand.
  struct Extras: Sendable {
    var definition: [UInt8]?
    var isFullyDefined: Bool?
  }

  /// Members of a configuration that are kept as they were put, before and after the generated
  /// ones.
  private static let (leading, trailing) = (
    ["model_package", "platform_architecture"],
    ["default_field_map", "inference_config", "location", "prefix_strings"]
  )

  /// Members that `PutTrainedModel` gets as they stand in the body.
  static let kept = leading + ["metadata"] + trailing

  /// Writes a model.
  func write(
    _ model: TrainedModel, _ aliases: [String], _ extras: Extras = Extras(),
    to writer: inout JSONWriter
  ) {
    let kept = StoredObject(model.configuration)
    writer.beginObject()
    writer.member("model_id", model.id)
    writer.member("model_type", model.modelType.rawValue)
    kept.write(Self.leading, to: &writer)
    if !excludesGenerated { writeGenerated(model, to: &writer) }
    if let summary = model.summary { writer.member("description", summary) }
    if let definition = extras.definition { Self.write(definition, to: &writer) }
    writer.name("tags")
    writer.texts(model.tags)
    writeMetadata(kept, aliases, to: &writer)
    writer.name("input")
    writer.beginObject()
    writer.name("field_names")
    writer.texts(model.inputFields)
    writer.endObject()
    kept.write(Self.trailing, to: &writer)
    if let isFullyDefined = extras.isFullyDefined {
      writer.member("fully_defined", isFullyDefined)
    }
    writer.endObject()
  }

  private func writeGenerated(_ model: TrainedModel, to writer: inout JSONWriter) {
    writer.member("created_by", model.createdBy)
    writer.member("version", version)
    if isHuman { writer.member("create_time_string", Human.time(model.createTime)) }
    writer.member("create_time", model.createTime)
    if isHuman { writer.member("model_size", Human.size(model.sizeBytes)) }
    writer.member("model_size_bytes", model.sizeBytes)
    writer.member("estimated_operations", model.estimatedOperations)
    writer.member("license_level", model.licenseLevel)
  }

  /// In the form in which it was put.
  private static func write(_ definition: [UInt8], to writer: inout JSONWriter) {
    if definition.first == UInt8(ascii: "{") {
      writer.name("definition")
      writer.value(verbatim: definition[...])
    } else {
      let text = Base64.standard.encode(definition[...])
      writer.member("compressed_definition", String(decoding: text, as: UTF8.self))
    }
  }

  /// What was put, and the aliases, which the registry knows.
  private func writeMetadata(
    _ kept: StoredObject, _ aliases: [String], to writer: inout JSONWriter
  ) {
    let metadata = kept["metadata"].map { StoredObject(Array($0)) }
    guard metadata != nil || !aliases.isEmpty else { return }
    writer.name("metadata")
    writer.beginObject()
    metadata?.writeAll(except: "model_aliases", to: &writer)
    if !aliases.isEmpty {
      writer.name("model_aliases")
      writer.texts(aliases)
    }
    writer.endObject()
  }
}

/// A JSON object as it was stored.
struct StoredObject {
  private var tape = JSONTape()

  /// Nothing, if it is no object.
  init(_ bytes: [UInt8]) {
    do throws(JSONError) {
      if !bytes.isEmpty { try tape.read(bytes, limits: ServerLimits.answers) }
    } catch {
      // Whatever it is, it is no object; the tape is empty.
    }
  }

  private var isObject: Bool { !tape.nodes.isEmpty && tape.kind(of: tape.root) == .object }

  /// A member's value as it stands there.
  subscript(name: String) -> ArraySlice<UInt8>? {
    guard isObject, let value = tape.member(name, of: tape.root) else { return nil }
    return tape.source[tape.sourceRange(of: value)]
  }

  /// Writes those of the members that there are.
  func write(_ names: [String], to writer: inout JSONWriter) {
    for name in names {
      guard let value = self[name] else { continue }
      writer.name(name)
      writer.value(verbatim: value)
    }
  }

  /// Writes all members but one.
  func writeAll(except excluded: String, to writer: inout JSONWriter) {
    guard isObject else { return }
    for key in tape.children(of: tape.root) where !tape.isString(key, excluded) {
      writer.name(tape.string(of: key))
      writer.value(verbatim: tape.source[tape.sourceRange(of: key + 1)])
    }
  }
}

extension JSONWriter {
  /// Writes a list of texts.
  mutating func texts(_ texts: [String]) {
    beginArray()
    for text in texts { value(text) }
    endArray()
  }
}

/// Values for people, as `human` asks for them.
package enum Human {
  /// Such as `2026-11-21T05:34:11.042Z`.
  package static func time(_ milliseconds: Int64) -> String {
    let rest = (milliseconds % 1_000 + 1_000) % 1_000
    let seconds = (milliseconds - rest) / 1_000
    let text = Timestamp(trusted: seconds, nanoseconds: 0).text.dropLast()
    let digits = String(rest)
    return text + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
  }

  /// Such as `1.5mb`.
  package static func size(_ bytes: Int64) -> String {
    for (power, unit) in [(50, "pb"), (40, "tb"), (30, "gb"), (20, "mb"), (10, "kb")]
    where bytes >= 1 << power {
      let tenths = (bytes / (1 << (power - 10)) * 10) >> 10
      return tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
    }
    return "\(bytes)b"
  }
}
