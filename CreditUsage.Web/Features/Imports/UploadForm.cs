using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Features.Imports;

/// <summary>
/// The form with the file, read as it arrives: the antiforgery token stands before the file and is held against the cookie before a
/// byte of the file is taken in. The framework's own reading would write the whole of it into a temporary file first.
/// </summary>
public sealed class UploadForm(IAntiforgery antiforgery, ReceiveImport receive)
{
    public const string FileField = "file";

    private const string TokenField = "__RequestVerificationToken";
    private const string TokenHeader = "RequestVerificationToken";
    private const int MostTokenBytes = 4 * 1024;
    private const int MostParts = 4;

    /// <returns>The new import, or what is wrong and the status that says so.</returns>
    public async Task<(Guid Id, int Status, string Problem)> RunAsync(HttpContext context)
    {
        try
        {
            if (ReaderOf(context.Request) is not { } reader) return Refused(StatusCodes.Status422UnprocessableEntity, "Choose a file.");
            if (!await TokenHoldsAsync(context, reader)) return Refused(StatusCodes.Status400BadRequest, "The form had expired. Choose the file again.");
            return await FileAsync(context, reader);
        }
        catch (FileTooLargeException problem)
        {
            return Refused(StatusCodes.Status413PayloadTooLarge, problem.Message);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refused(problem.StatusCode, new FileTooLargeException(new ImportLimits()).Message);
        }
        catch (Platform.UserFacingException problem)
        {
            return Refused(StatusCodes.Status422UnprocessableEntity, problem.Message);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or BadHttpRequestException)
        {
            return Refused(StatusCodes.Status400BadRequest, "The upload did not arrive whole. Choose the file again.");
        }
    }

    private static (Guid, int, string) Refused(int status, string problem) => (Guid.Empty, status, problem);

    private static MultipartReader? ReaderOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data") return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > 200) throw new InvalidDataException("The form has no boundary.");
        return new MultipartReader(boundary, request.Body);
    }

    private async Task<bool> TokenHoldsAsync(HttpContext context, MultipartReader reader)
    {
        var part = await reader.ReadNextSectionAsync(context.RequestAborted);
        if (part?.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) != TokenField) return false;
        var token = new byte[MostTokenBytes];
        var bytes = await part.Body.ReadAtLeastAsync(token, MostTokenBytes, throwOnEndOfStream: false, context.RequestAborted);
        context.Request.Headers[TokenHeader] = Encoding.ASCII.GetString(token, 0, bytes);
        return await antiforgery.IsRequestValidAsync(context);
    }

    private async Task<(Guid, int, string)> FileAsync(HttpContext context, MultipartReader reader)
    {
        for (var parts = 0; parts < MostParts && await reader.ReadNextSectionAsync(context.RequestAborted) is { } part; parts++)
        {
            if (part.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) != FileField) continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            if (string.IsNullOrEmpty(name)) break;
            return (await receive.RunAsync(name, part.Body, () => OnlyFileAsync(reader, context.RequestAborted), context.RequestAborted), StatusCodes.Status303SeeOther, "");
        }
        return Refused(StatusCodes.Status422UnprocessableEntity, "Choose a file.");
    }

    /// <exception cref="Platform.UserFacingException">Something else came with the file.</exception>
    private static async Task OnlyFileAsync(MultipartReader reader, CancellationToken cancellation)
    {
        if (await reader.ReadNextSectionAsync(cancellation) is not null) throw new Platform.UserFacingException("Choose one file at a time.");
    }
}
