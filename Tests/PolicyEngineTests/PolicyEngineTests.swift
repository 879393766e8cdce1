import Testing

@testable import PolicyEngine

@Suite struct ShippedPolicyTests {
  @Test(arguments: ["policies", "policies/elasticsearch", "policies/opensearch"])
  func everyExampleHolds(_ folder: String) throws {
    let policies = try PolicySet.shipped(folder)
    let results = policies.runExamples()
    #expect(results.count > 100)
    for result in results where result.failure != nil {
      Issue.record(
        "\(result.position) \(result.rule) (\(result.expected)): \(result.failure ?? "")")
    }
  }
}
