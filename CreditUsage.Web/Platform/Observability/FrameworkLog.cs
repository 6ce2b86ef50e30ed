namespace CreditUsage.Platform.Observability;

/// <summary>Until the site has started, what fails is thrown, and said in one line by whoever started it: what the framework logs of it as well would bury that line.</summary>
public static class FrameworkLog
{
    /// <summary>Says where the site listens.</summary>
    private const string Listening = "Microsoft.Hosting.Lifetime";

    public static void QuietUntilStarted(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var started = new Started();
        builder.Services.AddSingleton(started).AddHostedService(_ => started);
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            var rules = options.Rules.ToList();
            options.Rules.Clear();
            foreach (var rule in rules.Prepend(new LoggerFilterRule(null, null, options.MinLevel, null)))
                options.Rules.Add(new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                    (started.Is || !IsFramework(category)) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
        });
    }

    private static bool IsFramework(string? category) => category is not null && category != Listening
        && (category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("Quartz", StringComparison.Ordinal));

    private sealed class Started : IHostedLifecycleService
    {
        public bool Is { get; private set; }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            Is = true;
            return Task.CompletedTask;
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
