using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditUsage.Tests.Support;

/// <summary>Keeps the lines that one category of the site logs.</summary>
public sealed class KeptLog(string category) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    public void AddTo(IServiceCollection services) => services.AddLogging(logging => logging.AddProvider(this).AddFilter<KeptLog>(category, LogLevel.Information));

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName == category ? _lines : null);

    public void Dispose()
    {
    }

    private sealed class Writer(ConcurrentQueue<string>? lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => lines is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines?.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
