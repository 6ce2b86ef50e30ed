using System.Net.Sockets;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Quartz;

namespace CreditUsage.Tests.Platform.Commands;

public sealed class SiteEndTests
{
    private const int StopSeconds = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_that_a_job_or_a_service_does_not_heed_is_bounded(bool job)
    {
        var (clock, deaf) = (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new Deaf());
        var app = Build(clock, deaf, job);
        await app.StartAsync();
        if (job) await UntilAsync(deaf.Asked.Task);
        var end = app.StopInTimeAsync();
        app.Lifetime.StopApplication();
        await Wait.UntilAsync(() => deaf.Asked.Task.IsCompleted);
        Assert.False(end.IsCompleted);

        await UntilAsync(end);

        Assert.Equal(0, await end);
        Assert.False(deaf.Let.Task.IsCompleted);
        deaf.Let.SetResult();
        await UntilAsync(app.DisposeAsync().AsTask());

        Task UntilAsync(Task done) => Wait.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return done.IsCompleted;
        });
    }

    [Fact]
    public void A_port_that_the_process_has_no_right_to_is_said_in_a_line_that_says_what_to_do()
    {
        var line = ListenFailure.Explain(new SocketException((int)SocketError.AccessDenied))!;

        Assert.StartsWith("The site has no right to listen at its port: ", line, StringComparison.Ordinal);
        Assert.Contains("Choose one from 1024 on with --urls", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.Null(ListenFailure.Explain(new InvalidOperationException("A bug")));
    }

    private static WebApplication Build(FakeTimeProvider clock, Deaf deaf, bool job)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["CreditUsage:StopSeconds"] = $"{StopSeconds}";
        builder.Services.AddOptions<CreditUsageOptions>().BindConfiguration("CreditUsage");
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(deaf).AddSiteEnd();
        if (job)
        {
            builder.Services.AddQuartz(quartz => quartz.AddJob<DeafJob>(of => of.WithIdentity("deaf")).AddTrigger(at => at.ForJob("deaf").StartNow()));
            builder.Services.AddQuartzHostedService(server => server.WaitForJobsToComplete = true);
        }
        else
        {
            builder.Services.AddHostedService<DeafService>();
        }
        return builder.Build();
    }

    /// <summary>Ends when the test lets it, whoever else asks.</summary>
    private sealed class Deaf
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Let { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WaitAsync()
        {
            Asked.TrySetResult();
            return Let.Task;
        }
    }

    private sealed class DeafService(Deaf deaf) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => deaf.WaitAsync();
    }

    private sealed class DeafJob(Deaf deaf) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await deaf.WaitAsync();
    }
}
