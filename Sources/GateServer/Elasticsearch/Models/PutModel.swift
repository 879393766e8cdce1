import CEL
import ModelRegistry

/// Creating and deleting trained models.
extension Exchange {
  /// `PUT /_ml/trained_models/{model_id}`
  func putModel() throws(ErrorBody) -> Route.Action {
    let defers = try flag("defer_definition_decompression")
    _ = try flag("wait_for_completion")
    var operation = try ModelBody(request).operation(name("model_id"))
    operation.defersDecompression = defers
    let call = try call()
    let form = ModelForm(
      excludesGenerated: false, isHuman: try flag("human"), version: site.identity.version)
    return { [operation] in
      let performed = try await perform(operation, call)
      var response = WireResponse.json { form.write(performed.output, [], to: &$0) }
      warn(performed.decision, &response)
      return response
    }
  }

  /// `DELETE /_ml/trained_models/{model_id}`
  func deleteModel() throws(ErrorBody) -> Route.Action {
    try checkTimes("timeout")
    let operation = DeleteTrainedModel(name("model_id"), force: try flag("force"))
    let call = try call()
    return { acknowledged(try await perform(operation, call).decision) }
  }
}

/// The body with which a trained model is put.
struct ModelBody {
  private let body: BodyObject

  /// Fields that only the registry sets are read too: policies refuse them by name.
  private static let fields: Set<String> = [
    "compressed_definition", "create_time", "created_by", "default_field_map", "definition",
    "description", "estimated_operations", "inference_config", "input", "license_level", "location",
    "metadata", "model_id", "model_package", "model_size_bytes", "model_type",
    "platform_architecture", "prefix_strings", "tags", "version",
  ]

  /// Kinds of inference configurations.
  private static let inferenceTypes: Set<String> = [
    "classification", "fill_mask", "learning_to_rank", "ner", "pass_through",
    "question_answering", "regression", "text_classification", "text_embedding", "text_expansion",
    "text_similarity", "zero_shot_classification",
  ]

  init(_ request: WireRequest) throws(ErrorBody) {
    body = try BodyObject(request, "trained_model_config")
    try body.refuseOthers(than: Self.fields)
  }

  /// The operation that puts it under an id.
  func operation(_ id: String) throws(ErrorBody) -> PutTrainedModel {
    if let given = try body.string("model_id"), !given.isExactly(id) {
      throw .illegalArgument(
        "Inconsistent model_id; '\(given)' specified in the body differs from '\(id)' specified as "
          + "a URL argument")
    }
    let type = try modelType()
    let metadata = try body.object("metadata")
    for name in ["default_field_map", "prefix_strings", "location", "model_package"] {
      _ = try body.object(name)
    }
    let platform = try body.string("platform_architecture")
    _ = platform
    let model = TrainedModel(
      id: id, modelType: type ?? .treeEnsemble, inferenceType: try inferenceType(),
      inputFields: try inputFields(), tags: try body.texts("tags") ?? [],
      groupID: try metadata?.string("model_group_id"), summary: try body.string("description"),
      sizeBytes: try size("model_size_bytes"),
      estimatedOperations: try size("estimated_operations"), configuration: configuration())
    var names = body.members.map(\.name)
    names += (metadata?.members ?? []).map { "metadata.\($0.name)" }
    return PutTrainedModel(
      model, definition: try definition(), givesModelType: type != nil, bodyFields: names)
  }

  private func modelType() throws(ErrorBody) -> TrainedModel.ModelType? {
    guard let text = try body.string("model_type") else { return nil }
    guard let type = TrainedModel.ModelType(rawValue: text.lowercased()) else {
      throw body.failed("model_type")
    }
    return type
  }

  /// The one member of the inference configuration.
  private func inferenceType() throws(ErrorBody) -> String? {
    guard let config = try body.object("inference_config") else { return nil }
    let members = config.members
    guard members.count == 1 else {
      throw body.failed("inference_config")
    }
    guard Self.inferenceTypes.contains(members[0].name) else {
      throw config.fault("unknown field [\(members[0].name)]", at: members[0].value)
    }
    _ = try config.object(members[0].name)
    return members[0].name
  }

  private func inputFields() throws(ErrorBody) -> [String] {
    guard let input = try body.object("input", called: "trained_model_config_input") else {
      return []
    }
    try input.refuseOthers(than: ["field_names"])
    guard let names = try input.texts("field_names") else {
      throw .illegalArgument("Required [field_names]")
    }
    return names
  }

  private func size(_ name: String) throws(ErrorBody) -> Int64 {
    let size = try body.number(name) ?? 0
    guard size >= 0 else {
      throw .illegalArgument("[\(name)] must be greater than or equal to 0")
    }
    return size
  }

  /// The definition: the object, or what its compressed form's Base64 stands for.
  private func definition() throws(ErrorBody) -> [UInt8]? {
    let compressed = try body.string("compressed_definition")
    let definition = try body.object("definition")
    if let definition {
      guard compressed == nil else {
        throw .illegalArgument("both [compressed_definition] and [definition] cannot be set.")
      }
      _ = definition
      return body["definition"].map { Array(body.source(of: $0)) }
    }
    guard let compressed else { return nil }
    guard let bytes = Base64.standard.decode(Array(compressed.utf8)[...]), !bytes.isEmpty,
      bytes.first != UInt8(ascii: "{")
    else { throw body.failed("compressed_definition") }
    return bytes
  }

  /// The members that are kept as they stand.
  private func configuration() -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    for name in ModelForm.kept {
      guard let value = body[name] else { continue }
      writer.name(name)
      writer.value(verbatim: body.source(of: value))
    }
    writer.endObject()
    return writer.bytes
  }
}
