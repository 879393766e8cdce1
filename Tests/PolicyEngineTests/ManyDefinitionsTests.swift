import PolicyEngine
import Testing

/// Files with absurdly many of something are refused or loaded, never a crash.
@Suite struct ManyDefinitionsTests {
  @Test func moreDefinitionsThanAProgramHolds() throws {
    let definitions = (0..<33_000).map { #""d\#($0)": "true""# }.joined(separator: ",")
    let text =
      #"{"policy": "p", "roles": {"r": {"actions": ["*"]}}, "definitions": {\#(definitions)}}"#
    let error = #expect(throws: PolicyLoadError.self) { try PolicySet.inline(text) }
    #expect(error?.diagnostics.first.map { $0.code.hasPrefix("too-") } == true)
  }
}
