import CEL
import Testing

@testable import PolicyEngine

/// Many requests at once get the answers that each would get by itself, in their order.
@Suite struct ManyRequestsTests {
  private static let requests: [Request] = (0..<700).map { request(number: $0) }

  /// Some allowed, some denied, some that are not well-formed, all different.
  private static func request(number: Int) -> Request {
    let role: CELValue = number % 3 > 0 ? .string("all") : .string("r\(number)")
    let roles: CELValue = number % 11 == 0 ? .string("all") : .list([role])
    let rest = Int64(number % 4)
    return Request(
      subject: .init(type: "user", id: "u\(number % 5)", properties: ["roles": roles]),
      action: .init(name: "a\(number % 4)"),
      resource: .init(type: "t", id: "i\(number)", properties: ["n": .int(rest)]),
      context: ["k": .string("k\(number)")])
  }

  private static func words(_ answers: [Result<Decision, RequestError>]) -> [String] {
    answers.map { answer in
      switch answer {
      case .success(let decision): decision.json()
      case .failure(let error): "\(error)"
      }
    }
  }

  @Test(arguments: [1, 2, 3, 8, 100]) func anyNumberOfTasks(_ tasks: Int) async throws {
    let policies = try PolicySet.rules(
      rule("n", "deny", #""when": "resource.n == 2", "message": "no ${context.k}""#),
      rule("w", "warn", #""when": "10 / resource.n > 3", "message": "hm ${subject.id}""#))
    let singles = Self.requests.flatMap { request in
      var authorizer = Authorizer(policies)
      authorizer.explains = true
      return authorizer.decide([request])
    }
    let expected = Self.words(singles)
    #expect(Set(expected).count > 100)
    let many = await policies.decide(Self.requests, tasks: tasks, explains: true)
    #expect(Self.words(many) == expected)
    let outcomes = await policies.outcomes(of: Self.requests, tasks: tasks)
    #expect(outcomes.map { try? $0.get() } == singles.map { try? $0.get().outcome })
    let backwards = await policies.decide(Self.requests.reversed(), tasks: tasks, explains: true)
    #expect(Self.words(backwards) == expected.reversed())
  }

  @Test func noRequests() async throws {
    let policies = try PolicySet.rules(rule("n", "deny"))
    #expect(await policies.outcomes(of: []).isEmpty)
    #expect(await policies.outcomes(of: Self.requests, tasks: 0).count == Self.requests.count)
  }
}
