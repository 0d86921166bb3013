using Microsoft.Extensions.Options;

namespace Wharf.Server.Telemetry;

/// <summary>Validates the options and names each invalid setting.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var wrong = Wrong(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(TelemetryOptions options)
    {
        if (options.Otlp.Endpoint is { Length: > 0 } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            yield return $"{TelemetryOptions.Section}:Otlp:Endpoint must be an address such as http://localhost:4317 (found: {endpoint})";
        if (options.SamplingRatio is not (>= 0 and <= 1))
            yield return $"{TelemetryOptions.Section}:SamplingRatio must be from 0 to 1 (found: {options.SamplingRatio})";
        if (options.MetricsInterval < TimeSpan.FromMilliseconds(100))
            yield return $"{TelemetryOptions.Section}:MetricsInterval must be at least 00:00:00.1 (found: {options.MetricsInterval})";
    }
}
