import CEL
import ModelRegistry

/// How trained models are used.
extension Exchange {
  static let getStatsParameters: Set<String> = ["allow_no_match", "from", "size", "tags"]

  /// `GET /_ml/trained_models/_stats`, `GET /_ml/trained_models/{model_id}/_stats`
  func getModelStats() throws(ErrorBody) -> Route.Action {
    let selection = try ModelSelection(self)
    let isHuman = try flag("human")
    let call = try call()
    return {
      let (count, found) = try await find(selection, call)
      return WireResponse.json { writer in
        writer.beginObject()
        writer.member("count", count)
        writer.name("trained_model_stats")
        writer.beginArray()
        for entry in found { entry.write(isHuman: isHuman, to: &writer) }
        writer.endArray()
        writer.endObject()
      }
    }
  }

  /// The models that are meant, one entry for each of their deployments, and how many entries there
  /// would be without paging by models.
  private func find(
    _ selection: ModelSelection, _ call: RegistryCall
  ) async throws -> (count: Int, entries: [StatsEntry]) {
    let (expression, tags) = (selection.expression, selection.tags)
    var (models, count): ([TrainedModelStatistics], Int) = ([], 0)
    var page = Page<TrainedModelStatistics>?.none
    repeat {
      let next = try await search(
        ListModelStatistics(after: page?.next, limit: RegistryLimits.pageSize) { item in
          let names = [item.model.id] + item.aliases + item.deployments.map(\.id)
          return tags.allSatisfy { tag in item.model.tags.contains { $0.isExactly(tag) } }
            && expression.matches(names)
        }, call)
      for model in next.items {
        if selection.paging.contains(count) { models.append(model) }
        count += 1
      }
      page = next
    } while page?.next != nil
    let names = models.flatMap { [$0.model.id] + $0.aliases + $0.deployments.map(\.id) }
    let missing = expression.unmatched(by: names, allowNoMatch: selection.allowNoMatch)
    guard missing.isEmpty else { throw ModelExpression.notFound(missing) }
    var entries: [StatsEntry] = []
    for model in models {
      // An alias in the expression does not choose deployments.
      let isMeant = expression.matches([model.model.id])
      let deployments = model.deployments.filter { isMeant || expression.matches([$0.id]) }
      if deployments.isEmpty {
        entries.append(StatsEntry(of: model, deployment: nil))
      } else {
        entries += deployments.map { StatsEntry(of: model, deployment: $0) }
        count += deployments.count - 1
      }
    }
    return (count, entries)
  }
}

/// One entry of the statistics.
private struct StatsEntry {
  private let item: TrainedModelStatistics
  private let deployment: Deployment?

  init(of item: TrainedModelStatistics, deployment: Deployment?) {
    (self.item, self.deployment) = (item, deployment)
  }

  func write(isHuman: Bool, to writer: inout JSONWriter) {
    let bytes = Int64(item.model.definitionBytes ?? Int(item.model.sizeBytes))
    writer.beginObject()
    writer.member("model_id", item.model.id)
    writer.name("model_size_stats")
    writer.beginObject()
    if isHuman { writer.member("model_size", Human.size(bytes)) }
    writer.member("model_size_bytes", bytes)
    if isHuman { writer.member("required_native_memory", Human.size(0)) }
    writer.member("required_native_memory_bytes", 0)
    writer.endObject()
    writer.member("pipeline_count", item.pipelines.count)
    if let deployment { write(deployment, isHuman, to: &writer) }
    writer.endObject()
  }

  private func write(_ deployment: Deployment, _ isHuman: Bool, to writer: inout JSONWriter) {
    writer.name("deployment_stats")
    writer.beginObject()
    writer.member("deployment_id", deployment.id)
    writer.member("model_id", deployment.modelID)
    writer.member("threads_per_allocation", deployment.threadsPerAllocation)
    writer.member("number_of_allocations", deployment.allocations)
    writer.member("queue_capacity", deployment.queueCapacity)
    writer.member("state", AssignmentForm.state(deployment))
    if let reason = deployment.reason { writer.member("reason", reason) }
    if let state = AssignmentForm.allocationState(deployment) {
      writer.name("allocation_status")
      writer.beginObject()
      writer.member("allocation_count", deployment.currentAllocations)
      writer.member("target_allocation_count", deployment.allocations)
      writer.member("state", state)
      writer.endObject()
    }
    writer.member("priority", deployment.priority)
    if isHuman { writer.member("start_time_string", Human.time(deployment.startTime)) }
    writer.member("start_time", deployment.startTime)
    writer.member("peak_throughput_per_minute", 0)
    writer.name("nodes")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
  }
}
