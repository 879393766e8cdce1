import CEL
package import ModelRegistry
package import PolicyEngine
package import PolicyGate

/// Decides what others ask about others: completes requests by what directory and registry know,
/// decides them and logs each decision before anybody hears of it.
package struct Evaluations: Sendable {
  private let registry: ModelRegistry
  private let directory: LiveDirectory

  /// By the policies of a registry, and its facts.
  package init(_ registry: ModelRegistry, _ directory: LiveDirectory) {
    (self.registry, self.directory) = (registry, directory)
  }

  /// What is asked: a request, or why it is none.
  package typealias Question = Result<Request, RequestError>
  /// What is answered.
  package typealias Answer = Result<Decision, RequestError>

  /// Answers questions in their order; fewer than were asked if the semantic says to stop.
  ///
  /// - Throws: `StoreError` if facts can't be read or decisions can't be logged. Then nothing is
  ///   answered.
  package func answer(
    _ questions: [Question], semantic: BatchSemantic = .executeAll, askedBy: Asker,
    explains: Bool = false
  ) async throws -> [Answer] {
    let questions = try await completed(questions)
    var answers: [Answer] = []
    var records: [DecisionRecord] = []
    answers.reserveCapacity(questions.count)
    for question in questions {
      let answer = decide(question, askedBy, explains, &records)
      answers.append(answer)
      if records.count >= ServerLimits.logBatch {
        try await registry.log.appendReads(records)
        records.removeAll(keepingCapacity: true)
      }
      if semantic.stops(after: answer) { break }
    }
    if !records.isEmpty { try await registry.log.appendReads(records) }
    return answers
  }

  /// Answers one question, as `answer` does if it is the only one.
  ///
  /// - Throws: `RequestError` if the request is not well-formed; as `answer` does.
  package func answer(
    _ request: consuming Request, askedBy: Asker
  ) async throws -> Decision {
    let directory = directory.current
    let name = Self.name(of: request.resource)
    let facts: ResourceFacts? =
      if let name { try await registry.facts(about: name) } else { nil }
    Self.complete(&request, directory, isRegistrys: name != nil, facts)
    let answered = try registry.gate.answer(request, askedBy: askedBy)
    try await registry.log.appendRead(answered.record)
    return answered.decision
  }

  private func decide(
    _ question: Question, _ askedBy: Asker, _ explains: Bool, _ records: inout [DecisionRecord]
  ) -> Answer {
    do throws(RequestError) {
      let answered = try registry.gate.answer(
        try question.get(), askedBy: askedBy, explains: explains)
      records.append(answered.record)
      return .success(answered.decision)
    } catch {
      return .failure(error)
    }
  }

  // MARK: Facts

  /// The questions with everything that is known of their subjects and resources, as of one state
  /// of directory and registry.
  package func completed(_ questions: [Question]) async throws -> [Question] {
    let directory = directory.current
    var names: [ResourceName] = []
    for case .success(let request) in questions {
      if let name = Self.name(of: request.resource) { names.append(name) }
    }
    let facts = names.isEmpty ? [] : try await registry.facts(about: names)
    var next = 0
    return questions.map { question in
      question.map { request in
        var request = request
        let isRegistrys = Self.name(of: request.resource) != nil
        Self.complete(
          &request, directory, isRegistrys: isRegistrys, isRegistrys ? facts[next] : nil)
        if isRegistrys { next += 1 }
        return request
      }
    }
  }

  /// Puts in what is known of the subject and of the resource: by the registry if that has such
  /// resources, else by the directory.
  private static func complete(
    _ request: inout Request, _ directory: Directory, isRegistrys: Bool, _ facts: ResourceFacts?
  ) {
    request.subject = directory.complete(subject: request.subject)
    if isRegistrys {
      facts?.complete(&request)
    } else {
      request.resource = directory.complete(resource: request.resource)
    }
  }

  private static func name(of resource: Request.Entity) -> ResourceName? {
    guard let other = ModelRegistry.resourceTypes[resource.type] else { return nil }
    var others: [String: String] = [:]
    if let other, case .string(let id)? = resource.properties[other]?["id"] { others[other] = id }
    return ResourceName(type: resource.type, id: resource.id, others: others)
  }
}

extension EvaluationDocument {
  /// An evaluation, or why it is none.
  func question(_ index: Int) -> Result<Request, RequestError> {
    do throws(RequestError) { return .success(try request(index)) } catch { return .failure(error) }
  }
}
