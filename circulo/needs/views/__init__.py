"""The screens of needs: on a party's page, in an interview, in the settings."""
