import Foundation
import PolicyEngine
import Testing

/// What `docs/TOUR.md` shows is true.
@Suite struct TourTests {
  static let folder = Checkout.path("examples/80-own-rule")

  @Test func theExampleAnswersAsTheTourSays() throws {
    let policies = try PolicySet(folder: "\(Self.folder)/policies")
    #expect(policies.runExamples().map(\.failure) == [nil, nil])
    var authorizer = Authorizer(policies)
    authorizer.explains = true
    let request = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/request.json"))
    let denied = try authorizer.decide(json: [UInt8](request))
    #expect(denied.outcome == .deny)
    #expect(denied.reasons.map(\.rule) == ["production-aliases-need-a-reviewer"])
    #expect(denied.warnings.map(\.rule) == ["friday-moves"])
    #expect(
      denied.missing.flatMap(\.facts).map(\.text).contains("`subject.groups` holds `reviewer`"))
    let text = String(decoding: request, as: UTF8.self).replacing(
      "\"risk\"", with: "\"risk\", \"reviewer\"")
    #expect(try authorizer.decide(json: Array(text.utf8)).outcome == .warn)
  }

  /// The JSON of the page is that of the example, so that neither drifts.
  @Test func thePageShowsTheExample() throws {
    let page = try String(contentsOfFile: Checkout.path("docs/TOUR.md"), encoding: .utf8)
    let request = try String(contentsOfFile: "\(Self.folder)/request.json", encoding: .utf8)
    #expect(page.contains(request))
    let policy = try String(contentsOfFile: "\(Self.folder)/policies/site.json", encoding: .utf8)
    for line in policy.split(separator: "\n").prefix(14) {
      let text = line.hasSuffix(",") ? line.dropLast() : line
      #expect(page.contains(text), "the page lacks: \(text)")
    }
  }
}
