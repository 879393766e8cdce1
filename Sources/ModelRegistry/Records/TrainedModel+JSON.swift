import CEL

extension TrainedModel {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("model_type", modelType.rawValue)
    writer.member("inference_type", optional: inferenceType)
    writer.member("input_fields", texts: inputFields)
    writer.member("tags", texts: tags)
    writer.member("group", optional: groupID)
    writer.member("summary", optional: summary)
    writer.member("created_by", createdBy)
    writer.member("create_time", createTime)
    writer.member("size_bytes", sizeBytes)
    writer.member("estimated_operations", estimatedOperations)
    writer.member("license_level", licenseLevel)
    if let definitionBytes { writer.member("definition_bytes", definitionBytes) }
    writer.member("configuration", object: configuration)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    id = try reader.text("id")
    modelType = try reader.word("model_type", as: ModelType.self)
    inferenceType = try reader.optionalText("inference_type")
    inputFields = try reader.texts("input_fields")
    tags = try reader.texts("tags")
    groupID = try reader.optionalText("group")
    summary = try reader.optionalText("summary")
    createdBy = try reader.text("created_by")
    createTime = try reader.int64("create_time")
    sizeBytes = try reader.int64("size_bytes")
    estimatedOperations = try reader.int64("estimated_operations")
    licenseLevel = try reader.text("license_level")
    definitionBytes = try reader.optionalInt64("definition_bytes").map { Int($0) }
    configuration = try reader.source("configuration")
  }
}

extension ModelAlias {
  func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("model", modelID)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    name = try reader.text("name")
    modelID = try reader.text("model")
  }
}

extension Deployment {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("model", modelID)
    writer.member("state", state.rawValue)
    writer.member("reason", optional: reason)
    writer.member("allocations", allocations)
    writer.member("current_allocations", currentAllocations)
    writer.member("threads_per_allocation", threadsPerAllocation)
    writer.member("queue_capacity", queueCapacity)
    writer.member("priority", priority)
    writer.member("start_time", startTime)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    id = try reader.text("id")
    modelID = try reader.text("model")
    state = try reader.word("state", as: State.self)
    reason = try reader.optionalText("reason")
    allocations = try reader.int("allocations")
    currentAllocations = try reader.int("current_allocations")
    threadsPerAllocation = try reader.int("threads_per_allocation")
    queueCapacity = try reader.int("queue_capacity")
    priority = try reader.text("priority")
    startTime = try reader.int64("start_time")
  }
}

extension IngestPipeline {
  func write(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("names", texts: names)
  }

  init(_ reader: inout RecordReader) throws(StoreError) {
    id = try reader.text("id")
    names = try reader.texts("names")
  }
}
