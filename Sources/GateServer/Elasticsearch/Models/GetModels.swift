import CEL
import ModelRegistry
import PolicyGate

/// Reading trained models.
extension Exchange {
  static let getModelsParameters: Set<String> = [
    "allow_no_match", "decompress_definition", "exclude_generated", "from", "include",
    "include_model_definition", "size", "tags",
  ]

  /// `GET /_ml/trained_models`, `GET /_ml/trained_models/{model_id}`
  func getModels() throws(ErrorBody) -> Route.Action {
    let selection = try ModelSelection(self)
    let includes = try ModelIncludes(self)
    _ = try flag("decompress_definition", absent: true)
    let form = ModelForm(
      excludesGenerated: try flag("exclude_generated"), isHuman: try flag("human"),
      version: site.identity.version)
    let call = try call()
    return {
      let (count, found) = try await find(selection, call)
      let extras = try await extras(includes, count, found, call)
      var response = WireResponse.json { writer in
        writer.beginObject()
        writer.member("count", count)
        writer.name("trained_model_configs")
        writer.beginArray()
        for model in found { form.write(model.model, model.aliases, extras, to: &writer) }
        writer.endArray()
        writer.endObject()
      }
      Warnings.add(includes.warnings, to: &response, version: site.identity.version)
      return response
    }
  }

  /// Models that are looked at at once: each may have a configuration of some size.
  private static let pageSize = 100

  private static let tooMuch = ErrorBody(
    413, "status_exception",
    "the configurations asked for come to more than [\(RegistryLimits.foundBytes)] bytes; ask for "
      + "fewer with [size]")

  /// The models that are meant: how many, and those that are wanted of them.
  private func find(
    _ selection: ModelSelection, _ call: RegistryCall
  ) async throws -> (count: Int, models: [AliasedModel]) {
    var (count, models): (Int, [AliasedModel]) = (0, [])
    if let names = selection.directNames {
      // By their names, without looking at all others.
      var found: [AliasedModel] = []
      for name in names {
        do {
          let model = try await read(GetTrainedModel(name), call)
          if !found.contains(where: { $0.model.id.isExactly(model.model.id) }) {
            found.append(model)
          }
        } catch let error as RegistryError where error.kind == .notFound {
          // It is named below with all others that are not there.
        }
      }
      found.sort { $0.model.id.precedesByBytes($1.model.id) }
      count = found.count
      models = found.enumerated().filter { selection.paging.contains($0.offset) }.map(\.element)
    } else {
      let expression = selection.expression
      var (page, bytes): (Page<AliasedModel>?, Int) = (nil, 0)
      repeat {
        let next = try await search(
          ListTrainedModels(
            tags: selection.tags, after: page?.next, limit: Self.pageSize,
            matching: { expression.matches([$0.model.id] + $0.aliases) }), call)
        for model in next.items {
          if selection.paging.contains(count) {
            models.append(model)
            bytes += model.model.configuration.count
          }
          count += 1
        }
        guard bytes <= RegistryLimits.foundBytes else { throw Self.tooMuch }
        page = next
      } while page?.next != nil
    }
    let names = models.flatMap { [$0.model.id] + $0.aliases }
    let missing = selection.expression.unmatched(by: names, allowNoMatch: selection.allowNoMatch)
    guard missing.isEmpty else { throw ModelExpression.notFound(missing) }
    return (count, models)
  }

  /// What is included on demand, which only one model can have.
  private func extras(
    _ includes: ModelIncludes, _ count: Int, _ models: [AliasedModel], _ call: RegistryCall
  ) async throws -> ModelForm.Extras {
    var extras = ModelForm.Extras()
    for (isWanted, what) in [
      (includes.definition, "model definition"), (includes.status, "the model download status"),
    ] where isWanted && count > 1 {
      throw ErrorBody(
        400, "status_exception",
        "Getting \(what) is not supported when getting more than one model")
    }
    guard let model = models.first?.model else { return extras }
    if includes.status {
      guard model.modelType == .pytorch else {
        throw ErrorBody(
          400, "status_exception", "Definition status is only relevant to PyTorch model types")
      }
      extras.isFullyDefined = model.definitionBytes != nil
    }
    if includes.definition {
      guard model.modelType != .pytorch else {
        throw ErrorBody(
          400, "status_exception",
          "[\(model.id)] is type [pytorch] and does not support retrieving the definition")
      }
      do {
        extras.definition = try await read(GetDefinition(model.id), call)
      } catch let error as RegistryError where error.kind == .notFound {
        throw ErrorBody(
          404, "resource_not_found_exception",
          "Could not find trained model definition [\(model.id)]")
      }
    }
    return extras
  }
}

/// Which models are wanted, and how many of them.
struct ModelSelection: Sendable {
  let expression: ModelExpression
  let tags: [String]
  let paging: Paging
  let allowNoMatch: Bool

  init(_ exchange: Exchange) throws(ErrorBody) {
    expression = try ModelExpression(exchange.name("model_id"))
    tags = exchange.list("tags")
    paging = try Paging(exchange)
    allowNoMatch = try exchange.flag("allow_no_match", absent: true)
  }

  /// Names by which the models can be read one by one.
  var directNames: [String]? { tags.isEmpty ? expression.literals : nil }
}

/// What is included on demand.
struct ModelIncludes: Sendable {
  private(set) var definition = false
  private(set) var status = false
  private(set) var warnings: [String] = []

  private static let known = [
    "definition", "definition_status", "feature_importance_baseline", "hyperparameters",
    "total_feature_importance",
  ]

  init(_ exchange: Exchange) throws(ErrorBody) {
    let wanted = exchange.list("include")
    let unknown = wanted.filter { !Self.known.contains($0) }
    guard unknown.isEmpty else {
      throw ErrorBody(
        400, "status_exception",
        "unknown [include] parameters [\(unknown.joined(separator: ", "))]. Valid options are "
          + "[\(Self.known.joined(separator: ", "))]")
    }
    definition = wanted.contains("definition")
    status = wanted.contains("definition_status")
    if exchange.request.query["include_model_definition"] != nil {
      warnings = [
        "[include_model_definition] parameter is deprecated! Use [include=definition] instead."
      ]
      if try exchange.flag("include_model_definition") { definition = true }
    }
  }
}
