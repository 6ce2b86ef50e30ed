using System.CommandLine;
using System.Globalization;
using CreditUsage;
using CreditUsage.Core;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Features.Backups;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Months;
using CreditUsage.Features.Schedules;
using CreditUsage.Features.Subscriptions;
using CreditUsage.Features.UsageReport;
using CreditUsage.Features.Users;
using CreditUsage.Features.Verify;
using CreditUsage.Platform.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Display.British;

var (settings, verb) = CommandLine.Split(args);
var host = new VerbHost(settings, Composition.Build);
var root = new RootCommand("CreditUsage: what a clinic's credits were spent on, month by month")
{
    SiteVerbs.Serve(host),
    SiteVerbs.Demo(host),
    SiteVerbs.Migrate(host),
    CreateSubscriptionVerb.Create(host),
    ChangeSubscriptionVerb.Create(host),
    CreateUserVerb.Create(host),
    ListUsersVerb.Create(host),
    UnlockUserVerb.Create(host),
    ResetPasswordVerb.Create(host),
    SetPriceVerb.Create(host),
    CreateApiKeyVerb.Create(host),
    ImportVerb.Create(host),
    ReportVerb.Create(host),
    CloseMonthVerb.Create(host),
    ChargeTopUpsVerb.Create(host),
    VerifyVerb.Create(host),
    BackupVerb.Create(host),
    RestoreVerb.Create(host),
    VerifyDataVerb.Create(host),
    CopyDatabaseVerb.Create(host),
};
root.SetAction((_, cancellation) => SiteVerbs.ServeAsync(host, cancellation));
return await CommandLine.RunAsync(root, verb);
