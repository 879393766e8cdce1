#if CLI && SQLite && Server
  import AsyncHTTPClient
  import GateServer
  import NIOCore

  /// Where models run: calls that passed the gate go there, in the words of the API that they came in.
  struct InferenceUpstream: InferenceForwarder {
    private let base: String

    /// Largest answer that is passed on, in bytes.
    private static let answerBytes = 16 << 20

    init(_ url: String) throws(SettingFault) {
      guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("?") else {
        throw SettingFault("inference.url", "`\(url)` is no http or https URL without a query")
      }
      base = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    func infer(_ call: InferenceCall) async throws -> InferenceAnswer {
      let id = Self.escaped(call.deploymentID ?? call.modelID)
      let (status, body) = try await post(
        "\(base)/_ml/trained_models/\(id)/_infer", call.body, milliseconds: call.timeout)
      return InferenceAnswer(status: status, body: body)
    }

    /// A prediction of OpenSearch.
    @Sendable func predict(_ prediction: OpenSearch.Prediction) async throws -> WireResponse {
      let (status, body) = try await post(
        "\(base)/_plugins/_ml/models/\(Self.escaped(prediction.model.id))/_predict",
        prediction.request.body, milliseconds: 30_000)
      return .json(status, body)
    }

    private func post(
      _ url: String, _ body: [UInt8], milliseconds: Int
    ) async throws -> (Int, [UInt8]) {
      var request = HTTPClientRequest(url: url)
      request.method = .POST
      // The caller's credentials are for this server, not for that one.
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(body)
      let answer = try await HTTPClient.shared.execute(
        request, timeout: .milliseconds(Int64(milliseconds)))
      var bytes = try await answer.body.collect(upTo: Self.answerBytes)
      return (Int(answer.status.code), bytes.readBytes(length: bytes.readableBytes) ?? [])
    }

    /// An id as one segment of a path.
    private static func escaped(_ id: String) -> String {
      let digits = Array("0123456789ABCDEF")
      var text = ""
      for byte in id.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          text.unicodeScalars.append(UnicodeScalar(byte))
        default: text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
      }
      return text
    }
  }
#endif
