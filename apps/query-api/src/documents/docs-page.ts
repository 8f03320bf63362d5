/** The page at /docs: nothing inline and nothing from elsewhere, so the policy below can forbid both. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Millrace API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

export const docsScript = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', deepLinking: true, presets: [SwaggerUIBundle.presets.apis] })
`

/** Swagger UI sets styles on its elements; everything else comes from this origin, and nobody may frame the page. */
export const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
