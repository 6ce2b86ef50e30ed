using CreditUsage.Domain.Auditing;

namespace CreditUsage.Tests.Domain.Auditing;

public sealed class AuditLabelsTests
{
    [Fact]
    public void Every_action_has_its_label()
    {
        Assert.Equal(
            [
                "Sign-in", "Failed sign-in", "Lock", "Unlock", "Sign-out", "Run", "View", "Export", "Save", "Remove", "Deliver", "Read by API", "Import", "Usage by API", "Daily charge",
                "Schedule", "Correction", "Price", "Ledger entry", "Balance proof", "Close month", "Reopen month", "API key", "User", "Setting", "Anonymise",
            ],
            AuditLabels.Actions.Select(AuditLabels.Of));
    }
}
