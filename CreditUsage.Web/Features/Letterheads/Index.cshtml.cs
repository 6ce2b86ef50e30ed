using CreditUsage.Core;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Letterheads;

/// <summary>Address and logo on the first page of PDFs. Auditors only read it.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister)]
[RequestSizeLimit(MaxRequestBytes), RequestFormLimits(MemoryBufferThreshold = MaxRequestBytes)]
public sealed class IndexModel(SetLetterhead letterheads) : PageModel
{
    /// <summary>More than a logo needs, so that a larger file is refused in words.</summary>
    private const int MaxRequestBytes = 1024 * 1024;

    public Letterhead? Stored { get; private set; }

    public string Address { get; private set; } = "";

    public string Version => FormVersion.Of(ShownLetterhead.Of(Stored));

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public SavedMeanwhile? Meanwhile { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        Stored = await letterheads.FindAsync(cancellation);
        Address = Stored?.Address ?? "";
    }

    public async Task<IActionResult> OnGetLogoAsync(CancellationToken cancellation) =>
        await letterheads.FindAsync(cancellation) is { Logo: { } logo, LogoType: { } type } ? File(logo, type) : NotFound();

    public async Task<IActionResult> OnPostAsync(string? address, IFormFile? logo, bool removeLogo, string? version, CancellationToken cancellation)
    {
        Address = address ?? "";
        try
        {
            var lines = ShownLetterhead.ReadAddress(address, out var fault);
            if (fault is not null) Faults = [new("address", fault)];
            var picture = await ReadAsync(logo, cancellation);
            if (Faults.Count == 0)
            {
                await letterheads.RunAsync(lines!, picture, removeLogo, version, cancellation);
                Done = "Letterhead saved.";
                return RedirectToPage();
            }
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        catch (SavedMeanwhileException problem)
        {
            (Faults, Response.StatusCode) = ([new("address", problem.Message)], StatusCodes.Status409Conflict);
        }
        Stored = await letterheads.FindAsync(cancellation);
        if (Response.StatusCode == StatusCodes.Status409Conflict)
            Meanwhile = new(Stored?.SetBy, Stored?.SetAt, [new("Address", Stored?.Address, address), new("Logo", ShownLetterhead.Of(Stored).Logo, logo?.FileName ?? (removeLogo ? "none" : null))]);
        return Page();
    }

    private async Task<LogoFile?> ReadAsync(IFormFile? file, CancellationToken cancellation)
    {
        if (file is null) return null;
        try
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content, cancellation);
            return LogoFile.Read(content.ToArray());
        }
        catch (UserFacingException problem)
        {
            Faults = [.. Faults, new("logo", problem.Message)];
            return null;
        }
    }
}
