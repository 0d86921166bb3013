using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Wharf.Server.Memory;

/// <summary>Validates the options and names each invalid setting.</summary>
internal sealed class MemoryOptionsValidator : IValidateOptions<MemoryOptions>
{
    public ValidateOptionsResult Validate(string? name, MemoryOptions options)
    {
        var errors = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(static error => $"{MemoryOptions.Section}:{error.MemberNames.Single()}: {error.ErrorMessage}"));
    }
}
