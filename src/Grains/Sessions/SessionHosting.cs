using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Wharf.Grains.Fields;
using Wharf.Grains.Telemetry;
using Wharf.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>Adds sessions, shared tickets and fields to a silo.</summary>
public static class SessionHosting
{
    /// <summary>The configuration section of <see cref="SessionOptions"/>.</summary>
    public const string Section = "Wharf:Sessions";

    /// <summary>Adds the services of the session, sharing and field grains.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddWharfSessions(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<SessionOptions>().BindConfiguration(Section).ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>());
        silo.AddFieldStorage();
        silo.Services.TryAddSingleton<SessionQuota>();
        silo.Services.TryAddSingleton<SessionNames>();
        silo.Services.TryAddSingleton(static services => new PrincipalCalls(services.GetRequiredService<IOptions<SessionOptions>>().Value.MaxWaitingCallsPerPrincipal));
        silo.Services.TryAddSingleton(static services => new MemoryAccountant(MemoryLimits.Unlimited, services.GetRequiredService<TimeProvider>()));
        silo.Services.TryAddSingleton<LocalSessions>();
        silo.Services.TryAddSingleton<ISessionDrain>(static services => services.GetRequiredService<LocalSessions>());
        silo.Services.AddHostedService<SessionInstruments>();
        return silo;
    }
}

/// <summary>Validates the options; an error names the invalid property.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var errors = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(static error => $"{SessionHosting.Section}:{error.MemberNames.Single()}: {error.ErrorMessage}"));
    }
}
