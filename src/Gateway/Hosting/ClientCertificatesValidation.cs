using Microsoft.Extensions.Options;

namespace Wharf.Gateway.Hosting;

/// <summary>Validates the settings of client certificates. The errors name the settings.</summary>
internal sealed class ClientCertificatesValidation : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        var wrong = Wrong(options.Tls).Select(static problem => $"Wharf:Tls:{problem}").ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(TlsOptions tls)
    {
        if (tls.ClientCertificates == ClientCertificates.Off)
        {
            if (!string.IsNullOrEmpty(tls.ClientAuthorityPath))
                yield return $"{nameof(tls.ClientAuthorityPath)} is set, but {nameof(tls.ClientCertificates)} is Off";
            yield break;
        }

        if (!tls.IsEnabled)
            yield return $"{nameof(tls.CertificatePath)} is missing, but {nameof(tls.ClientCertificates)} is {tls.ClientCertificates}: certificates of clients need TLS";
        if (string.IsNullOrEmpty(tls.ClientAuthorityPath))
            yield return $"{nameof(tls.ClientAuthorityPath)} is missing: it has the authority of the clients' certificates";
        else if (!File.Exists(tls.ClientAuthorityPath))
            yield return $"{nameof(tls.ClientAuthorityPath)} names a file that is not there";
        else if (ClientAuthority.Problem(tls.ClientAuthorityPath) is { } problem)
            yield return $"{nameof(tls.ClientAuthorityPath)} {problem}";
    }
}
