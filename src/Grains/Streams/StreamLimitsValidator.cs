using Microsoft.Extensions.Options;

namespace Wharf.Grains.Streams;

/// <summary>Rejects limits that cannot work.</summary>
internal sealed class StreamLimitsValidator : IValidateOptions<StreamLimits>
{
    public ValidateOptionsResult Validate(string? name, StreamLimits options)
    {
        List<string> wrong = [];
        Check(options.MaxMessages >= 1, nameof(options.MaxMessages), "at least 1");
        Check(options.MaxBytes >= 1024, nameof(options.MaxBytes), "at least 1024");
        Check(options.MaxMessageBytes is >= 1024 and <= 1 << 30, nameof(options.MaxMessageBytes), "from 1024 to 1 GiB");
        Check(options.GatewayTimeout > GrainLimits.LongestWait, nameof(options.GatewayTimeout), "more than 10 s, the longest interval between calls of a gateway");
        Check(options.OutputDelay > TimeSpan.Zero, nameof(options.OutputDelay), "positive");
        Check(options.OutputBytes >= 1, nameof(options.OutputBytes), "at least 1");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(bool holds, string property, string rule)
        {
            if (!holds)
                wrong.Add($"{StreamLimits.Section}:{property} must be {rule}");
        }
    }
}
