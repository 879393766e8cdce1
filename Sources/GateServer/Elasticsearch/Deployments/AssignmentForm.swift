import CEL
import ModelRegistry

/// A deployment as Elasticsearch writes what it has assigned to nodes.
struct AssignmentForm: Sendable {
  /// The size of the model's definition.
  let modelBytes: Int64
  /// As the request says; the registry does not keep it.
  var cacheSize: String?

  /// The state of an assignment, which does not say whether all copies run.
  static func state(_ deployment: Deployment) -> String {
    switch deployment.state {
    case .fullyAllocated: "started"
    case .starting, .started, .stopping, .failed: deployment.state.rawValue
    }
  }

  /// How far the copies are; nil while it stops.
  static func allocationState(_ deployment: Deployment) -> String? {
    switch deployment.state {
    case .starting, .started, .fullyAllocated: deployment.state.rawValue
    case .stopping, .failed: nil
    }
  }

  func response(_ deployment: Deployment) -> WireResponse {
    .json { writer in
      writer.beginObject()
      writer.name("assignment")
      writer.beginObject()
      writeTask(deployment, to: &writer)
      writer.name("routing_table")
      writer.beginObject()
      writer.endObject()
      writer.member("assignment_state", Self.state(deployment))
      if let reason = deployment.reason { writer.member("reason", reason) }
      writer.member("start_time", Human.time(deployment.startTime))
      writer.member("max_assigned_allocations", deployment.currentAllocations)
      writer.endObject()
      writer.endObject()
    }
  }

  private func writeTask(_ deployment: Deployment, to writer: inout JSONWriter) {
    writer.name("task_parameters")
    writer.beginObject()
    writer.member("model_id", deployment.modelID)
    writer.member("deployment_id", deployment.id)
    writer.member("model_bytes", modelBytes)
    writer.member("threads_per_allocation", deployment.threadsPerAllocation)
    writer.member("number_of_allocations", deployment.allocations)
    writer.member("queue_capacity", deployment.queueCapacity)
    if let cacheSize { writer.member("cache_size", cacheSize) }
    writer.member("priority", deployment.priority)
    writer.member("per_deployment_memory_bytes", 0)
    writer.member("per_allocation_memory_bytes", 0)
    writer.endObject()
  }
}
