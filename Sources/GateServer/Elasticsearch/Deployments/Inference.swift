import ModelRegistry

/// A call of a model that was allowed, for whoever runs models.
public struct InferenceCall: Sendable {
  /// The model.
  public let modelID: String
  /// The deployment that answers; nil for a model that is not deployed.
  public let deploymentID: String?
  /// The body of the request: a JSON object with `docs`.
  public let body: [UInt8]
  /// How long the caller waits, in milliseconds.
  public let timeout: Int
}

/// What came of a call.
public struct InferenceAnswer: Sendable {
  /// HTTP status.
  public let status: Int
  /// JSON.
  public let body: [UInt8]

  /// An answer from its parts.
  public init(status: Int, body: [UInt8]) { (self.status, self.body) = (status, body) }
}

/// Brings calls to where models run.
public protocol InferenceForwarder: Sendable {
  /// Calls a model and waits for the answer, `call.timeout` at most.
  ///
  /// - Throws: if there is no answer.
  func infer(_ call: InferenceCall) async throws -> InferenceAnswer
}

/// Calling models.
extension Exchange {
  /// `POST /_ml/trained_models/{model_id}/_infer`
  func infer() throws(ErrorBody) -> Route.Action {
    let body = try BodyObject(request, "infer_trained_model_request")
    try body.refuseOthers(than: ["docs", "inference_config", "timeout"])
    guard try body.objects("docs") != nil else { throw .illegalArgument("Required [docs]") }
    _ = try body.object("inference_config")
    var timeout = 10_000
    if let text = try body.string("timeout") {
      timeout = try TimeValue.milliseconds(text, of: "timeout")
    }
    timeout = try time("timeout") ?? timeout
    guard timeout > 0 else { throw .illegalArgument("[timeout] must be positive") }
    let name = name("model_id")
    let call = try call()
    return { [timeout] in
      let answer = try await read(ResolveCall(name), call)
      guard let inference = site.inference else {
        throw ErrorBody(
          501, "status_exception",
          "model [\(answer.model.id)] may be called but not from here: this server runs no models "
            + "and no inference endpoint is configured that does")
      }
      return try await forward(
        InferenceCall(
          modelID: answer.model.id, deploymentID: answer.deployment?.id, body: request.body,
          timeout: timeout), to: inference)
    }
  }

  private func forward(
    _ call: InferenceCall, to inference: any InferenceForwarder
  ) async throws -> WireResponse {
    let answer: InferenceAnswer
    do {
      answer = try await inference.infer(call)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw ErrorBody(
        504, "status_exception",
        "the inference endpoint gave no answer for model [\(call.modelID)] within "
          + "[\(call.timeout)ms]")
    }
    // What the endpoint thinks of this server's own rights is not the caller's business.
    guard (200..<300).contains(answer.status) || (400..<600).contains(answer.status),
      ![401, 403, 407].contains(answer.status), (try? WireJSON(answer.body)) != nil
    else {
      throw ErrorBody(
        502, "status_exception",
        "the inference endpoint could not be used for model [\(call.modelID)]")
    }
    return .json(answer.status, answer.body)
  }
}
