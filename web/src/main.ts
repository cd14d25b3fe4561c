import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import { i18n } from './i18n/index.svelte';
import App from './routes/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
void i18n.start().then(() => mount(App, { target }));
