extension OpenAPI {
  /// What is written about AuthZEN.
  static let accessOperations = #"""
    {
     "POST /access/v1/evaluation": {
      "operationId": "accessEvaluation",
      "tags": ["AuthZEN"],
      "summary": "Decide whether a subject may take an action on a resource.",
      "requestBody": {
       "required": true,
       "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evaluation"}}}
      },
      "responses": {
       "200": {
        "description": "The decision. A denial is one too.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Decision"}}}
       },
       "400": {"$ref": "#/components/responses/AccessError"},
       "401": {"$ref": "#/components/responses/AccessError"},
       "403": {"$ref": "#/components/responses/AccessError"},
       "429": {"$ref": "#/components/responses/AccessError"},
       "503": {"$ref": "#/components/responses/AccessError"}
      }
     },
     "POST /access/v1/evaluations": {
      "operationId": "accessEvaluations",
      "tags": ["AuthZEN"],
      "summary": "Decide several evaluations, with defaults for their parts. Without any it is one evaluation.",
      "requestBody": {
       "required": true,
       "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evaluations"}}}
      },
      "responses": {
       "200": {
        "description": "The decisions, in order; fewer than were asked for if the semantic says to stop.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/EvaluationsAnswer"}}
        }
       },
       "400": {"$ref": "#/components/responses/AccessError"},
       "401": {"$ref": "#/components/responses/AccessError"},
       "403": {"$ref": "#/components/responses/AccessError"},
       "429": {"$ref": "#/components/responses/AccessError"},
       "503": {"$ref": "#/components/responses/AccessError"}
      }
     },
     "POST /access/v1/search/subject": {
      "operationId": "accessSubjectSearch",
      "tags": ["AuthZEN"],
      "summary": "Find who may take an action on a resource.",
      "requestBody": {
       "required": true,
       "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/SubjectSearch"}}
       }
      },
      "responses": {
       "200": {
        "description": "What was found.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/SearchAnswer"}}
        }
       },
       "400": {"$ref": "#/components/responses/AccessError"},
       "401": {"$ref": "#/components/responses/AccessError"},
       "403": {"$ref": "#/components/responses/AccessError"},
       "429": {"$ref": "#/components/responses/AccessError"},
       "503": {"$ref": "#/components/responses/AccessError"}
      }
     },
     "POST /access/v1/search/resource": {
      "operationId": "accessResourceSearch",
      "tags": ["AuthZEN"],
      "summary": "Find what a subject may take an action on.",
      "requestBody": {
       "required": true,
       "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/ResourceSearch"}}
       }
      },
      "responses": {
       "200": {
        "description": "What was found.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/SearchAnswer"}}
        }
       },
       "400": {"$ref": "#/components/responses/AccessError"},
       "401": {"$ref": "#/components/responses/AccessError"},
       "403": {"$ref": "#/components/responses/AccessError"},
       "429": {"$ref": "#/components/responses/AccessError"},
       "503": {"$ref": "#/components/responses/AccessError"}
      }
     },
     "POST /access/v1/search/action": {
      "operationId": "accessActionSearch",
      "tags": ["AuthZEN"],
      "summary": "Find what a subject may do to a resource.",
      "requestBody": {
       "required": true,
       "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ActionSearch"}}}
      },
      "responses": {
       "200": {
        "description": "What was found.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/SearchAnswer"}}
        }
       },
       "400": {"$ref": "#/components/responses/AccessError"},
       "401": {"$ref": "#/components/responses/AccessError"},
       "403": {"$ref": "#/components/responses/AccessError"},
       "429": {"$ref": "#/components/responses/AccessError"},
       "503": {"$ref": "#/components/responses/AccessError"}
      }
     },
     "GET /.well-known/authzen-configuration": {
      "operationId": "accessMetadata",
      "tags": ["AuthZEN"],
      "summary": "Where the endpoints are.",
      "security": [],
      "responses": {
       "200": {
        "description": "The metadata.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Metadata"}}}
       },
       "404": {"$ref": "#/components/responses/AccessError"}
      }
     }
    }
    """#
}
