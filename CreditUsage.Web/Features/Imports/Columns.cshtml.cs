using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Your columns: which column of an uploaded file is which, and how its values are written.</summary>
public sealed class ColumnsModel(CreditUsageDb db, ChooseColumns choose, IAuthorizationService authorization) : PageModel
{
    /// <summary>Stands in a form before a kind that every row has; no head begins with a space.</summary>
    public const string EveryRow = " ";

    public UsageImport Import { get; private set; } = null!;

    public ColumnsOfFile Columns { get; private set; } = null!;

    public ColumnMapping Mapping { get; private set; } = null!;

    public IReadOnlyList<UnderstoodRow> Rows { get; private set; } = [];

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public string? Remember { get; private set; }

    /// <param name="mapping">The name of a remembered mapping to begin with.</param>
    public async Task<IActionResult> OnGetAsync(Guid id, string? mapping, CancellationToken cancellation)
    {
        if (await LoadAsync(id, cancellation) is { } other) return other;
        Mapping = Columns.Present(Columns.Remembered.FirstOrDefault(one => one.Name == mapping)?.Columns ?? Columns.Proposed(Import));
        await UnderstandAsync(cancellation);
        return Page();
    }

    /// <param name="form">The fields of the form.</param>
    public async Task<IActionResult> OnPostAsync(Guid id, ColumnsForm form, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (await LoadAsync(id, cancellation) is { } other) return other;
        Mapping = Columns.Present(form.Mapping(Request.Form));
        Remember = form.Remember;
        Faults = [.. Mapping.Missing().Select(field => new Problem(Anchor(field), $"Choose the column of {ColumnNames.Of(field)}."))];
        if (Faults.Count == 0 && form.Do == "check")
        {
            try
            {
                await choose.CheckAsync(id, Mapping, string.IsNullOrWhiteSpace(form.Remember) ? null : form.Remember, cancellation);
                return this.SeeOther($"/imports/{id}");
            }
            catch (UserFacingException problem)
            {
                Faults = [new Problem("remember", problem.Message)];
            }
        }
        if (Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await UnderstandAsync(cancellation);
        return Page();
    }

    public static string Anchor(string field) => $"column-{field}";

    private async Task<IActionResult?> LoadAsync(Guid id, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return NotFound();
        if (!import.AwaitsDecision()) return this.SeeOther($"/imports/{id}");
        Import = import;
        Columns = await choose.ReadAsync(import, cancellation);
        return null;
    }

    private async Task UnderstandAsync(CancellationToken cancellation)
    {
        try
        {
            if (!Mapping.Missing().Any()) Rows = await choose.UnderstandAsync(Columns, Mapping, cancellation);
        }
        catch (UserFacingException problem)
        {
            Faults = [.. Faults, new Problem("columns", problem.Message)];
        }
    }
}

/// <summary>The form as it is sent: a select for each column, named after its field.</summary>
public sealed record ColumnsForm
{
    public DateStyle Dates { get; init; }

    public FileZone Zone { get; init; }

    public DoubledHour DoubledHour { get; init; }

    public bool DecimalComma { get; init; }

    public string? Remember { get; init; }

    /// <summary>"check" to have the file checked; anything else shows the first rows.</summary>
    public string? Do { get; init; }

    public ColumnMapping Mapping(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var chosen = UsageInput.Fields.ToDictionary(field => field, field => form[field].ToString());
        var every = Enum.GetValues<UsageKind>().Where(kind => chosen["kind"] == ColumnsModel.EveryRow + kind.Code()).Select(kind => (UsageKind?)kind).FirstOrDefault();
        return new ColumnMapping
        {
            Heads = chosen.Where(one => one.Value.Length > 0 && !one.Value.StartsWith(ColumnsModel.EveryRow, StringComparison.Ordinal)).ToDictionary(),
            EveryKind = every,
            Dates = Enum.IsDefined(Dates) ? Dates : DateStyle.Unsaid,
            Zone = Enum.IsDefined(Zone) ? Zone : FileZone.Gmt,
            DoubledHour = Enum.IsDefined(DoubledHour) ? DoubledHour : DoubledHour.Refuse,
            DecimalComma = DecimalComma,
        };
    }
}

/// <summary>The columns of domain.md in the words of the report.</summary>
public static class ColumnNames
{
    public static string Of(string field) => field switch
    {
        "event_id" => "Event id",
        "kind" => "Kind",
        "occurred_at" => "Date and time",
        "staff_id" => "Staff member's id",
        "staff_name" => "Staff member",
        "client_id" => "Client's id",
        "client_name" => "Client",
        "program" => "Program",
        "device_id" => "Device id",
        "identity_note" => "Identity note",
        "duration_minutes" => "Minutes",
        "credits" => "Credits",
        "cost_gbp" => "Cost in pounds",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "There is no such column."),
    };

    public static string? Hint(string field) => field switch
    {
        "event_id" => "Says whether an event is new",
        "client_id" or "client_name" or "duration_minutes" => "Every connected session has it",
        "device_id" => "Every daily top-up has it",
        "credits" or "cost_gbp" => "Reckoned where it is empty",
        _ => null,
    };
}
