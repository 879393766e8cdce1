import ModelRegistry

/// Model aliases.
extension Exchange {
  /// `PUT /_ml/trained_models/{model_id}/model_aliases/{model_alias}`
  func putAlias() throws(ErrorBody) -> Route.Action {
    let operation = PutAlias(
      name("model_alias"), of: name("model_id"), reassign: try flag("reassign"))
    let call = try call()
    return { acknowledged(try await perform(operation, call).decision) }
  }

  /// `DELETE /_ml/trained_models/{model_id}/model_aliases/{model_alias}`
  func deleteAlias() throws(ErrorBody) -> Route.Action {
    let operation = DeleteAlias(name("model_alias"), of: name("model_id"))
    let call = try call()
    return { acknowledged(try await perform(operation, call).decision) }
  }
}
