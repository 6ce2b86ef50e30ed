using CreditUsage.Core;
using CreditUsage.Core.Lists;
using CreditUsage.Platform;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Shared;

/// <summary>A page by which a list comes in by file: template, upload, columns, preview, all or nothing. Its class says who may open it.</summary>
/// <typeparam name="T">What a row becomes.</typeparam>
[IgnoreAntiforgeryToken] // FileForm checks the token itself, before it reads the file; the forms that carry one are checked below.
[RequestSizeLimit(MaxRequestBytes)]
public abstract class ListFileModel<T>(ListKind<T> kind, ListFiles files) : PageModel
{
    /// <summary>Far more than a file may have, so that a larger one is refused in words.</summary>
    private const int MaxRequestBytes = 32 * 1024 * 1024;

    public ListFileView View { get; private set; } = null!;

    [TempData]
    public string? Done { get; set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.HandlerMethod is { HttpMethod: "Post", Name: not null } && !await files.TokenHoldsAsync(HttpContext)) context.Result = BadRequest();
        else await next();
    }

    public void OnGet() => View = ListFileView.Empty(kind);

    public IActionResult OnGetTemplate() => File(ListTemplate.Write(kind.Columns, []), ListTemplate.ContentType, $"Template of {kind.Many}.csv");

    public IActionResult OnGetSample() => File(ListTemplate.Write(kind.Columns, kind.Sample(files.Today)), ListTemplate.ContentType, $"Sample of {kind.Many}.csv");

    /// <summary>Takes a file in, and shows what its rows would become. Has no parameters: binding any would read the form, and the file with it.</summary>
    public Task<IActionResult> OnPostAsync() => AnswerAsync(async () =>
    {
        ListUpload? received = null;
        if (await files.ReadAsync(HttpContext, async sent => received = await files.ReceiveAsync(kind, sent, HttpContext.RequestAborted)) is { } refusal) return Refused(refusal.Status, refusal.Problem);
        await CheckAsync(received!, ListMapping.Guess(kind.Columns, received!.Table), HttpContext.RequestAborted);
        return Page();
    });

    /// <summary>Shows the same file with the columns that were chosen.</summary>
    public Task<IActionResult> OnPostCheckAsync(ListForm form, CancellationToken cancellation) => AnswerAsync(async () =>
    {
        var upload = await files.OpenAsync(kind, form, cancellation);
        await CheckAsync(upload, form.Mapping(kind.Columns, upload.Table, Request.Form), cancellation);
        return Page();
    });

    public Task<IActionResult> OnPostStoreAsync(ListForm form, CancellationToken cancellation) => AnswerAsync(async () =>
    {
        var upload = await files.OpenAsync(kind, form, cancellation);
        var mapping = form.Mapping(kind.Columns, upload.Table, Request.Form);
        if (mapping.Missing(kind.Columns).Any())
        {
            await CheckAsync(upload, mapping, cancellation);
            return Page();
        }
        var (check, stored) = await files.Store.RunAsync(kind, upload.Table.Sha256, mapping.Read(kind.Columns, upload.Table), form.Shown, cancellation);
        if (stored) return check.New > 0 ? await StoredAsync(check, cancellation) : NothingNew(check);
        Show(upload, mapping, check, check.Faults.Count > 0 ? null : "Nothing was stored, since something has changed since the preview, here or in your columns. Look at the rows once more, then confirm again.");
        return Page();
    });

    /// <summary>What the page shows, or where it leads, once the rows are stored.</summary>
    protected abstract Task<IActionResult> StoredAsync(ListCheck<T> check, CancellationToken cancellation);

    /// <summary>The page that the list belongs to.</summary>
    protected abstract string Back { get; }

    /// <summary>"12 purchases recorded. 3 were there already."</summary>
    protected string Recorded(ListCheck check, string how)
    {
        ArgumentNullException.ThrowIfNull(check);
        return $"{kind.Counted(check.New)} {how}.{(check.There == 0 ? "" : $" {Display.Count(check.There, "row was", "rows were")} there already.")}";
    }

    private RedirectResult NothingNew(ListCheck check)
    {
        Done = $"Nothing new: {(check.There == 1 ? $"the {kind.One} of this file is" : $"all {kind.Counted(check.There)} of this file are")} there already.";
        return Redirect("~" + Back);
    }

    private async Task CheckAsync(ListUpload upload, ListMapping mapping, CancellationToken cancellation) =>
        Show(upload, mapping, mapping.Missing(kind.Columns).Any() ? null : await kind.CheckAsync(mapping.Read(kind.Columns, upload.Table), cancellation), null);

    private void Show(ListUpload upload, ListMapping mapping, ListCheck? check, string? problem)
    {
        View = ListFileView.Of(kind, upload, mapping, check, problem);
        if (View.Problems.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    private async Task<IActionResult> AnswerAsync(Func<Task<IActionResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (UserFacingException problem)
        {
            return Refused(StatusCodes.Status422UnprocessableEntity, problem.Message);
        }
    }

    private PageResult Refused(int status, string problem)
    {
        Response.StatusCode = status;
        View = ListFileView.Empty(kind) with { Problems = [new Problem("file", problem)] };
        return Page();
    }
}
