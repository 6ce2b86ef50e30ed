using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CreditUsage.Platform.Api;

public static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = route => route.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo { Title = "CreditUsage", Version = "v1", Description = "Usage events in, events and totals out. A key belongs to one subscription and has one scope." };
        // Without a host, which is the one by which the caller reached the API.
        document.Servers = [.. (document.Servers ?? []).Select(server => new Uri(server.Url!).AbsolutePath.TrimEnd('/')).Where(path => path.Length > 0).Select(path => new OpenApiServer { Url = path })];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key that an Administrator made on the page API keys, or the verb create-api-key printed.",
        };
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var scopes = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy!).ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyAuthentication.SchemeName, context.Document)] = scopes }];
        if (operation.Responses?.GetValueOrDefault("429") is OpenApiResponse tooMany)
            tooMany.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } };
        // A call without the month gets the answer to a wrong one, so the method allows it; the description does not.
        foreach (var month in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == "month") ?? []) month.Required = true;
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesIdempotencyKey>().Any()) (operation.Parameters ??= []).Add(IdempotencyKey());
        return Task.CompletedTask;
    }

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = "Idempotency-Key",
        In = ParameterLocation.Header,
        Description = "The caller's name for this call. Sent again with the same body, the first answer is given again; with another body the call is refused.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" },
    };
}

/// <summary>Marks a route that reads the header Idempotency-Key.</summary>
public sealed record TakesIdempotencyKey;
