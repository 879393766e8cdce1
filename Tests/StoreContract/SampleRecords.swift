public import ModelRegistry

/// Records of every kind with names and contents that are hard to keep.
public enum SampleRecords {
  /// One record of every kind.
  public static func all(_ texts: [String], seed: UInt64) -> [Record] {
    var random = SeededRandom(seed)
    var maker = Maker(texts: texts, random: random)
    random = SeededRandom(seed &+ 1)
    return [
      .trainedModel(maker.model()), .definition(model: maker.text(), bytes: maker.bytes()),
      .alias(ModelAlias(name: maker.text(), modelID: maker.text())),
      .deployment(maker.deployment()),
      .pipeline(IngestPipeline(id: maker.text(), names: maker.texts())),
      .group(maker.group()), .groupName(name: maker.text(), group: maker.text()),
      .groupModel(maker.groupModel()), .setting(name: maker.text(), value: maker.text()),
      .policy(revision: maker.text()),
    ]
  }

  private struct Maker {
    let words: [String]
    var random: SeededRandom

    init(texts: [String], random: SeededRandom) { (words, self.random) = (texts, random) }

    mutating func text() -> String { random.pick(words) }
    mutating func optional() -> String? { random.once(in: 3) ? nil : text() }
    mutating func texts() -> [String] { (0..<random.index(4)).map { _ in text() } }
    mutating func number() -> Int64 {
      random.pick([0, 1, -1, .max, .min, Int64(truncatingIfNeeded: random.next())])
    }
    mutating func bytes() -> [UInt8] {
      (0..<random.index(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    mutating func configuration() -> [UInt8] {
      let texts = [
        "", "{}", "{ \"a\" : [1, 2.50, null] }", #"{"metadata":{"é":"\u00e9","":1e3}}"#,
        #"{"big":123456789012345678901234567890,"neg":-0.0}"#,
      ]
      return Array(random.pick(texts).utf8)
    }

    mutating func model() -> TrainedModel {
      TrainedModel(
        id: text(), modelType: random.pick(TrainedModel.ModelType.allCases),
        inferenceType: optional(), inputFields: texts(), tags: texts(), groupID: optional(),
        summary: optional(),
        createdBy: text(), createTime: number(), sizeBytes: number(),
        estimatedOperations: number(), licenseLevel: text(),
        definitionBytes: random.once(in: 2) ? nil : Int(number()), configuration: configuration())
    }

    mutating func deployment() -> Deployment {
      Deployment(
        id: text(), modelID: text(), state: random.pick(Deployment.State.allCases),
        reason: optional(), allocations: Int(number()), currentAllocations: Int(number()),
        threadsPerAllocation: Int(number()), queueCapacity: Int(number()), priority: text(),
        startTime: number())
    }

    mutating func group() -> ModelGroup {
      ModelGroup(
        id: text(), name: text(), summary: optional(), latestVersion: Int(number()),
        backendRoles: texts(),
        owner: random.once(in: 3)
          ? nil : ModelGroup.Owner(name: text(), backendRoles: texts(), roles: texts()),
        access: random.pick(ModelGroup.Access.allCases), createdTime: number(),
        lastUpdatedTime: number())
    }

    mutating func groupModel() -> GroupModel {
      GroupModel(
        id: text(), name: text(), groupID: optional(), version: Int(number()),
        summary: optional(), isHidden: random.once(in: 2), state: text(), createdTime: number(),
        lastUpdatedTime: number(), configuration: configuration())
    }
  }
}
